# Sourced by ./run and ./test: sets $python to a Python that can set Momentum up, or says what is missing.
python=
for candidate in "${PYTHON:-}" .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "no Python")
    echo "Momentum needs Python 3.11 or newer, and this machine has $found." >&2
    echo "Install a newer Python, or name one: PYTHON=/path/to/python3.12 $0" >&2
    exit 1
fi
