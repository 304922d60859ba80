"""Objects of a type: listed to the end, told of by delta, asked for by id, and what stands for them."""
