#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Makes the certificates of the tests again, good from 2020 to 2120: a root, a receiver on 127.0.0.1, one of another name, a
# client. Needs openssl; the tests do not. The keys guard nothing.
set -euo pipefail
cd "$(dirname "$0")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cat >"$work/ca.conf" <<CONF
[ca]
default_ca = test
[test]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
[any]
commonName = supplied
CONF
: >"$work/index"
echo 01 >"$work/serial"

signed() {
    local name="$1" subject="$2" extensions="$3"
    shift 3
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$name.key.pem" 2>/dev/null
    openssl req -new -key "$work/$name.key.pem" -subj "/CN=$subject" -out "$work/$name.csr"
    printf '%b' "$extensions" >"$work/extensions"
    openssl ca -batch -notext -config "$work/ca.conf" -startdate 20200101000000Z -enddate 21200101000000Z \
        -extfile "$work/extensions" -in "$work/$name.csr" -out "$name.pem" "$@" 2>/dev/null
}

signed root "Test root" 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' \
    -selfsign -keyfile "$work/root.key.pem"
for name in "receiver DNS:localhost,IP:127.0.0.1 serverAuth" "other DNS:other.invalid serverAuth" \
    "client DNS:client.invalid clientAuth"; do
    read -r name subject usage <<<"$name"
    signed "$name" "$name" "subjectAltName=$subject\nextendedKeyUsage=$usage\n" \
        -cert root.pem -keyfile "$work/root.key.pem"
    cp "$work/$name.key.pem" .
done
openssl ec -in client.key.pem -aes256 -passout pass:test -out locked.key.pem 2>/dev/null
