#!/usr/bin/env bash
# All checks: ruff, mypy, import-linter, pytest. Installs what they need into .venv, and Debian's Chromium, Chinese fonts,
# rapper and Virtuoso when they are missing, we are root and apt-get is there. Arguments go to pytest:
# scripts/test.sh -k turtle
set -uo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1
has_chinese_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; }

wanted=()
has_chromium || wanted+=(chromium)
has_chinese_font || wanted+=(fonts-noto-cjk fontconfig)
command -v rapper >/dev/null 2>&1 || wanted+=(raptor2-utils)
command -v virtuoso-t >/dev/null 2>&1 || wanted+=(virtuoso-opensource-7)
if [ ${#wanted[@]} -gt 0 ] && can_apt; then
  say "正在安装 ${wanted[*]} …" "Installing ${wanted[*]} …"
  apt_install "${wanted[@]}" || say "未能安装 ${wanted[*]}，继续。" "Could not install ${wanted[*]}; going on."
fi

install_project test
cd "$ROOT" || exit 1
BIN=$VENV/bin
failed=()
"$BIN/ruff" check . || failed+=(ruff)
"$BIN/mypy" || failed+=(mypy)
"$BIN/lint-imports" --no-cache || failed+=(lint-imports)
"$BIN/python" -m pytest "$@" || failed+=(pytest)
has_chromium || say "没有 Chromium：浏览器测试未运行。" "No Chromium: the browser tests were not run."

if [ ${#failed[@]} -gt 0 ]; then
  die "未通过：${failed[*]}" "Failed: ${failed[*]}"
fi
say "全部检查通过。" "All checks passed."
