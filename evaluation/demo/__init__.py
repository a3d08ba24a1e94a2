"""Both stages of the embedded default on scenes they have never seen: tasks, searches, outcomes and figures."""
