"""Speed, memory and fairness of both stages, each beside what others offer; `lychee bench`."""
