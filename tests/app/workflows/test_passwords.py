"""What a stolen table of passwords costs to try."""


def test_a_password_is_hashed_at_a_cost(costly_hasher):
    """More than OWASP's least for argon2id: 19 MiB and two passes."""
    assert (costly_hasher.type.name, costly_hasher.time_cost, costly_hasher.memory_cost) == ("ID", 3, 64 * 1024)
