# shellcheck shell=bash
# Sourced by demo.sh and test.sh: finds Python 3.11+, makes .venv, and installs the project into it once for each state
# of pyproject.toml, so that a second run needs no network.
#
#   PYTHON=/path/to/python   use this Python
#   VENV=/path/to/venv       use this virtual environment instead of .venv

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=${VENV:-$ROOT/.venv}
export PIP_DISABLE_PIP_VERSION_CHECK=1

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in en*) SAY=en ;; *) SAY=zh ;; esac

# say ZH EN: one line in the user's language.
say() { if [ "$SAY" = en ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }

# die ZH EN: the same to standard error, and out.
die() { say "$1" "$2" >&2; exit 1; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# apt_install PACKAGE...: quietly; its output is shown only if it fails.
apt_install() {
  local log
  log=$(mktemp)
  if (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@") >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# The first Python that is new enough; an explicit PYTHON is taken or refused, never replaced.
find_python() {
  local name
  if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" || die "PYTHON=$PYTHON 不能用：需要 Python 3.11 或更高版本。" \
      "PYTHON=$PYTHON will not do: Python 3.11 or newer is needed."
    printf '%s\n' "$PYTHON"
    return
  fi
  for name in python3 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 && is_new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  die "没有找到 Python 3.11 或更高版本（现有：$(python3 --version 2>/dev/null || echo 无)）。请从 python.org 或系统软件源安装后重试，或用 PYTHON=路径 指定。" \
    "Python 3.11 or newer was not found (here: $(python3 --version 2>/dev/null || echo none)). Install it and try again, or name one with PYTHON=path."
}

make_venv() {
  local python version
  if [ -x "$VENV/bin/python" ] && is_new_enough "$VENV/bin/python"; then return; fi
  python=$(find_python) || exit 1
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if can_apt; then
      say "正在安装 $version …" "Installing $version …"
      apt_install "$version" || apt_install python3-venv || true
    fi
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
      die "$python 缺少 venv 模块。请先安装：apt-get install $version" \
        "$python has no venv module. Install it first: apt-get install $version"
  fi
  say "正在创建虚拟环境 $VENV …" "Creating the virtual environment $VENV …"
  rm -rf "$VENV"
  "$python" -m venv "$VENV"
}

# install_project EXTRA: nothing to do when pyproject.toml is as it was at the last install of this extra.
install_project() {
  local extra=$1 stamp state
  make_venv
  stamp="$VENV/.installed-${extra:-base}"
  state=$(cd "$ROOT" && { printf '%s\n' "$ROOT"; cat pyproject.toml; } | "$VENV/bin/python" -c \
    'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then return; fi
  say "正在安装依赖（首次需要联网，约一两分钟）…" "Installing dependencies (needs the network the first time, a minute or two) …"
  (cd "$ROOT" && "$VENV/bin/python" -m pip install --quiet --editable ".${extra:+[$extra]}") ||
    die "安装失败：请检查网络或 pip 镜像设置后重试。" "Installation failed: check the network or pip's index settings and try again."
  printf '%s\n' "$state" >"$stamp"
}
