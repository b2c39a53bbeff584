"""The budget stops before the call that would exceed it; the price table is the user's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from model_questions import ask_all, at, question, quick_settings
from servers.scripted import Script, ScriptedServer

from emer.errors import BudgetError, InputError
from emer.models import Answer, open_model
from emer.models.budget import Price, price_of, read_prices
from emer.models.process import Process


async def test_calls_of_the_whole_process_count_retries_as_well() -> None:
    with ScriptedServer(Script(plan=["500"])) as server:
        for words, goes in (("a", True), ("b", True), ("c", False)):
            async with at(server, quick_settings(budget_calls=3)) as run:
                answers = await ask_all(run, [question(words)])
            assert isinstance(answers[0], Answer if goes else BudgetError)
        assert "3 of budget_calls = 3" in str(answers[0])
        assert "EMER_BUDGET_CALLS" in str(answers[0])
        async with at(server, quick_settings(budget_calls=4)) as run:  # raised: it goes on
            assert isinstance((await ask_all(run, [question("d")]))[0], Answer)
    assert server.seen.calls == 4


async def test_many_at_once_do_not_exceed_the_calls() -> None:
    with ScriptedServer(Script(latency_s=0.02)) as server:
        async with at(server, quick_settings(budget_calls=7)) as run:
            answers = await ask_all(run, [question(f"{n}") for n in range(30)])
    assert server.seen.calls == 7
    assert sum(isinstance(one, Answer) for one in answers) == 7
    assert sum(isinstance(one, BudgetError) for one in answers) == 23


async def test_money_by_the_price_table(tmp_path: Path, own_process: Process) -> None:
    table = tmp_path / "prices.toml"
    table.write_text('["vllm:m"]\ninput = 1e6\noutput = 0\n')  # one unit of money a token
    settings = quick_settings(budget_money=20.0, prices=table)
    with ScriptedServer() as server:
        async with at(server, settings) as run:
            await run.ask(question("a"))
            spent = run.usage.input_tokens
            assert own_process.ledger.money == pytest.approx(spent)
            assert spent >= 20
            with pytest.raises(BudgetError, match="budget_money = 20"):
                await run.ask(question("b"))
    assert server.seen.calls == 1


def test_the_price_of_a_call_by_hand() -> None:
    assert Price(input=0.40, output=1.60).of(1_000_000, 500_000) == pytest.approx(0.40 + 0.80)


def test_a_price_by_provider_and_name_or_by_name(tmp_path: Path) -> None:
    table = tmp_path / "prices.json"
    table.write_text(json.dumps({"m": {"input": 1, "output": 2}, "openai:m": {"input": 3, "output": 4}}))
    prices = read_prices(table)
    assert price_of("openai", "m", prices=prices) == Price(input=3, output=4)
    assert price_of("vllm", "m", prices=prices) == Price(input=1, output=2)
    assert price_of("vllm", "other", prices=prices) is None
    assert price_of("hf", "anything", prices={}) == Price(input=0, output=0)


@pytest.mark.parametrize("text", ["m = 3", "[m]\ninput = -1\noutput = 1", "[m]\ninput = 1", "[m", "[m]\ninput='x'"])
def test_a_price_table_that_cannot_be_used_is_told_with_an_example(text: str, tmp_path: Path) -> None:
    table = tmp_path / "prices.toml"
    table.write_text(text)
    with pytest.raises(InputError, match=r"(?s)prices\.toml.*input = 0\.40"):
        read_prices(table)


def test_a_budget_in_money_needs_a_price_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"vllm:m has no price .setting prices"):
        open_model("vllm:m", quick_settings(budget_money=1.0))
    with pytest.raises(InputError, match="cannot be read"):
        open_model("vllm:m", quick_settings(prices=tmp_path / "none.toml"))
