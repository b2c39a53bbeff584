# Two commands from a fresh clone: `make demo` and `make test`. Each sets up what it needs in .venv; nothing to activate.
PYTHON ?= python3
BIN := .venv/bin
# openai-whisper, transformers and their kin would bring the CUDA build of torch (several GB); the CPU build comes first.
TORCH_EXTRAS := whisper hf all
export OMP_NUM_THREADS ?= 1

.PHONY: demo test check stress extra setup clean
.DEFAULT_GOAL := demo

demo: setup  ## analyse the clip that ships with us
	$(BIN)/emer demo

test: .venv/dev  ## every test that the installed extras allow; names what it skipped
	$(BIN)/python -m pytest -rs

check: .venv/dev  ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

stress: .venv/dev  ## the suites that repeat, at their full n
	EMER_STRESS=1 $(BIN)/python -m pytest -rs -m stress

setup: .venv/base

extra: .venv/base  ## make extra NAME=whisper
	@test -n "$(NAME)" || { echo "which one? make extra NAME=whisper (see pyproject.toml)"; exit 2; }
	$(if $(filter $(NAME),$(TORCH_EXTRAS)),$(BIN)/python -m pip install -qq torch==2.13.0)
	$(BIN)/python -m pip install -qq --editable '.[$(NAME)]'

.venv/base: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "emer needs Python 3.11 or newer; say which with make PYTHON=python3.11"; exit 2; }
	@echo "Setting up .venv (one to three minutes, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable .
	@touch $@

.venv/dev: .venv/base
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:  ## remove the environment and every cache
	rm -rf .venv build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache
