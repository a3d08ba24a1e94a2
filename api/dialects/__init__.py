"""How clients of other servers ask and want to be answered: each dialect a small adapter around one engine call."""
