"""What stage 2's quality costs: by the candidates that it reads, by their pixels, and with a first look before."""
