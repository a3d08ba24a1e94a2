"""How the page looks: theme, styles and scripts."""
