"""Commitments: the same words give the same one under one key, and nothing can be told of them under another."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.commitments import COMMITMENTS, commitment, with_commitments
from ledger.vault import CaseKey

KEYS = st.builds(CaseKey.new)


@given(KEYS, KEYS, st.text(), st.text(min_size=1))
def test_a_commitment_belongs_to_one_key_one_field_and_one_value(
    key: CaseKey, other: CaseKey, value: str, more: str
) -> None:
    made = commitment(key.key, "phone", value)
    assert made == commitment(key.key, "phone", value)
    different = (
        commitment(other.key, "phone", value),
        commitment(key.key, "name", value),
        commitment(key.key, "phone", value + more),
    )
    assert made not in different
    assert len(made) == 64


def test_only_fields_with_a_value_are_committed_to() -> None:
    key = CaseKey.new()
    made = key.commit({"phone": "13812345678", "name": ""})
    assert made == {"phone": commitment(key.key, "phone", "13812345678")}
    assert with_commitments({"a": 1}, made) == {"a": 1, COMMITMENTS: made}
    assert with_commitments({"a": 1}, {}) == {"a": 1}
