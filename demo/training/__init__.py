"""How the two demo models are made: their layout, what they are shown, and the loops that train them."""
