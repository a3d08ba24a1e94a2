"""What stands before the routes: keys, rates, hosts and bodies. Knows routes only as methods and paths."""
