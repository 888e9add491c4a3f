"""Appeals of facts: the public list, the form, the decision."""
