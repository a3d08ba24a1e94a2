"""Bodies, strings in place of pictures, content types and pieces of paths as an enemy sends them."""

import base64

NO_PICTURES = {
    "a file's URL": "file:///etc/passwd",
    "a path": "/etc/passwd",
    "a path upwards": "../../../../etc/passwd",
    "a Windows path": "C:\\Windows\\win.ini",
    "a share": "\\\\10.0.0.1\\share\\a.png",
    "a URL of this machine": "http://127.0.0.1:22/",
    "another protocol": "gopher://127.0.0.1:6379/_INFO",
    "an empty data URI": "data:,",
    "a data URI without data": "data:image/png;base64,",
    "nothing": "",
    "NUL": "\0\0",
    "a very long name": "a" * 300_000,
}
BODIES = {
    "nothing": b"",
    "no JSON": b"query=red",
    "half of it": b'{"query": "red", "documents": ["a"',
    "a list": b"[1, 2]",
    "a string": b'"red"',
    "a number": b"3",
    "null": b"null",
    "an empty object": b"{}",
    "nested lists": b"[" * 200_000,
    "nested objects": b'{"query":' * 100_000,
    "nested and closed": b'{"query":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "NaN": b'{"query": NaN}',
    "infinity": b'{"query": "red", "top_k": -Infinity}',
    "a number with a million digits": b'{"query": "red", "top_k": ' + b"9" * 1_000_000 + b"}",
    "a lone surrogate": b'{"query": "\\ud800", "documents": ["a"]}',
    "a surrogate in UTF-8": b'{"query": "\xed\xa0\x80", "documents": ["a"]}',
    "no UTF-8": b'{"query": "\xff\xfe"}',
    "UTF-16": '{"query": "red"}'.encode("utf-16"),
    "gzip": base64.b64decode("H4sIAAAAAAAAA6tWKi1OLVKyUipKTVGqBQAjIFCRDgAAAA=="),
}
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG'
)
TYPES = (
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "",
    "application/\x00json",
)
JUNK = ("%00", "%0d%0aX-Evil:%201", "%2e%2e%2f%2e%2e%2fetc", "%ff%fe", "%ed%a0%80", "a" * 5000, "%", "%zz", "~", "%20")
