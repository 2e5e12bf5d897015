# Sets up compactgraph in .venv, builds the graph and prints the table of destinations, on Windows.
# Run it as: powershell -ExecutionPolicy Bypass -File scripts\start.ps1
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")
function Invoke-Checked([string]$Program) {
    & $Program @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
$python = if ($env:PYTHON) { $env:PYTHON } else { "python" }
& $python -c "import sys; sys.exit(sys.version_info < (3, 11))"
if ($LASTEXITCODE -ne 0) {
    [Console]::Error.WriteLine("compactgraph needs Python 3.11 or later; name one with `$env:PYTHON")
    exit 2
}
$venv = Join-Path ".venv" "Scripts"
if (-not (Test-Path (Join-Path $venv "compactgraph.exe"))) {
    Invoke-Checked $python -m venv .venv
    Invoke-Checked (Join-Path $venv "python.exe") -m pip install --quiet --disable-pip-version-check --editable "."
}
# A table has arrows and dashes; an old console would refuse them.
$env:PYTHONUTF8 = "1"
Invoke-Checked (Join-Path $venv "compactgraph.exe") build
Invoke-Checked (Join-Path $venv "compactgraph.exe") destinations --format table
