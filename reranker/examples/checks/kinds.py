"""Every kind of finding, with its remedy. Knows not how any is found."""

from typing import Final

from reranker.examples.checks.finding import Kind


def _error(code: str, what: str, remedy: str) -> Kind:
    return Kind(code, "error", what, remedy)


def _warning(code: str, what: str, remedy: str) -> Kind:
    return Kind(code, "warning", what, remedy)


# The file and the form of its lines
NO_EXAMPLES: Final = _error("no-examples", "a file without examples", "Write one JSON object on each line.")
NOT_UTF8: Final = _error("not-utf8", "lines that are not UTF-8", "Save the file as UTF-8.")
LINE_TOO_LONG: Final = _error("line-too-long", "lines too long to be read", "Give pictures as files, not as data URIs.")
NOT_JSON: Final = _error("not-json", "lines that are no JSON", "Write one whole JSON object on each line.")
NOT_OBJECT: Final = _error(
    "not-object",
    "lines that are no objects",
    'Write {"instruction": ..., "query": ..., "document": ..., "score": ...}.',
)
REPEATED_FIELD: Final = _error("repeated-field", "fields written twice", "Keep one of the two.")
MISSING_FIELD: Final = _error("missing-field", "fields that are missing", "Add the field, or remove the line.")
UNKNOWN_FIELD: Final = _error("unknown-field", "fields that nobody reads", "Remove the field, or correct its name.")
MIXED_FORMS: Final = _error(
    "mixed-forms", "lines in two forms at once", "Keep score, or label, or positive and negatives."
)
WRONG_TYPE: Final = _error(
    "wrong-type", "values of the wrong type", 'Write a string, or {"text": ..., "image": ...} with strings.'
)
BAD_CHARACTER: Final = _error("bad-character", "NUL or half characters", "Remove the character.")
EMPTY_SIDE: Final = _error("empty-side", "queries or documents that are empty", "Fill it in, or remove the line.")
EMPTY_GROUP: Final = _error("empty-group", "groups without any positive", "Name at least one positive document.")
SCORE_TYPE: Final = _error("score-type", "scores that are no numbers", "Write a number from 0 to 1.")
SCORE_SCALE: Final = _error("score-scale", "scores on another scale", "Bring all scores of the file to 0 to 1.")
SCORE_RANGE: Final = _error("score-range", "scores outside of 0 to 1", "Write a number from 0 to 1.")
LABEL_VALUE: Final = _error("label-value", "labels that are none", 'Write 0, 1, true, false, "yes" or "no".')

# Pictures
PICTURE_MISSING: Final = _error(
    "picture-missing", "pictures that are not there", "Put the file there, or correct the path."
)
PICTURE_URL: Final = _error(
    "picture-url", "pictures given as URLs", "Download it and give its path below the file's folder."
)
PICTURE_OUTSIDE: Final = _error(
    "picture-outside", "pictures outside of the file's folder", "Copy it below the folder of the file."
)
PICTURE_UNREADABLE: Final = _error("picture-unreadable", "pictures that cannot be read", "Save the picture anew.")
PICTURE_ELONGATED: Final = _error(
    "picture-elongated", "pictures too long for their width", "Cut the picture into pieces."
)

# Instructions
INSTRUCTION_MISSING: Final = _warning(
    "instruction-missing", "examples without an instruction", "Say the task in a sentence, as you will when you search."
)
IDENTIFIER: Final = _error(
    "identifier-instruction", "instructions that are identifiers", "Say in a sentence what is given and what is wanted."
)
STRUCTURED_INSTRUCTION: Final = _error(
    "structured-instruction", "instructions in JSON, YAML or XML", "Say the task in plain sentences."
)
INSTRUCTION_SHORT: Final = _warning(
    "instruction-short",
    "instructions too short to say a task",
    "Say what is given, what is wanted, and what counts as a match.",
)
INSTRUCTION_LONG: Final = _warning(
    "instruction-long",
    "instructions that are very long",
    "Keep role, task, standard and output: two to four sentences.",
)
INSTRUCTION_IS_QUERY: Final = _warning(
    "instruction-is-query", "instructions that repeat the query", "Say the task; the query has a field of its own."
)
ONE_OFF: Final = _warning(
    "one-off-instructions", "too many instructions used once", "Use a few instructions, each on many examples."
)

# Texts
PLACEHOLDER: Final = _error("placeholder", "placeholders that were not filled in", "Fill in what it stands for.")
PICTURE_PLACEHOLDER: Final = _error(
    "picture-placeholder",
    "placeholders for pictures in texts",
    'Give the picture as "image", or describe it after [IMAGE_DESC].',
)
STRUCTURED_TEXT: Final = _warning("structured-text", "JSON as text", "Write the values as a text that people read.")
ENCODED_TEXT: Final = _error(
    "encoded-text", "base64 or hexadecimal as text", 'Give pictures as "image"; leave codes out.'
)
FILE_NAME: Final = _warning("file-name-text", "file names as text", 'Give a picture\'s path as "image".')
IMAGE_MARKER: Final = _error("image-marker", "misspelt [IMAGE_DESC]", "Write [IMAGE_DESC], in capitals.")
VAGUE_DESCRIPTION: Final = _warning(
    "vague-description",
    "picture descriptions that say nothing",
    "Describe what is seen: things, colours, places, words.",
)
SPECIAL_TOKEN: Final = _warning("special-token", "the model's own tokens in texts", "Remove the token.")
PROMPT_HEADING: Final = _warning(
    "prompt-heading", "headings of the prompt in texts", "Remove it: the prompt adds its headings by itself."
)
MOJIBAKE: Final = _warning(
    "mojibake", "texts in the wrong encoding", "Read the source in its own encoding, and write it anew."
)
HTML_ENTITY: Final = _warning("html-entity", "HTML entities left in texts", "Unescape the text.")
HTML_TAG: Final = _warning("html-tag", "HTML tags left in texts", "Take the text out of its markup.")
WHITE_SPACE: Final = _warning("white-space", "blanks around texts", "Strip the text.")
CONTROL_CHARACTER: Final = _warning("control-character", "control characters in texts", "Remove the character.")
NOT_NORMAL: Final = _warning("not-normalised", "characters in pieces", "Bring the text to Unicode's form NFC.")
QUERY_IS_DOCUMENT: Final = _warning(
    "query-is-document", "documents that are the query", "Remove the line, unless this is what you mean to teach."
)
TOO_LONG: Final = _warning(
    "too-long", "examples longer than the model reads", "Shorten the text to the part that counts, or the pictures."
)
QUERY_TOO_LONG: Final = _error(
    "query-too-long", "queries that leave no room for a document", "Shorten the instruction or the query."
)

# Examples beside each other
DUPLICATE: Final = _warning("duplicate", "lines written twice", "Keep one of the two.")
NEAR_DUPLICATE: Final = _warning("near-duplicate", "pairs that are nearly the same", "Keep one of the two.")
CONTRADICTION: Final = _error("contradiction", "pairs judged in two ways", "Decide which score is right.")
MIRRORED: Final = _warning(
    "mirrored-contradiction",
    "similar one way, and not the other",
    "Decide which score is right; similarity goes both ways.",
)
NO_POSITIVE: Final = _warning(
    "group-without-positive", "queries without a good document", "Add a document of score 0.5 or more, or remove them."
)
NO_NEGATIVE: Final = _warning(
    "group-without-negative",
    "queries without a bad document",
    "Add documents of scores below 0.5 (`lychee data mine`).",
)
IMBALANCE: Final = _warning("class-imbalance", "nearly all examples on one side", "Add examples of the other side.")
SAME_SCORE: Final = _error(
    "same-score", "one score for all", "Add examples of other scores: there is nothing to learn here."
)
LEAK_PAIR: Final = _error(
    "leak-pair", "pairs of the test file", "Remove them here (`lychee data split` splits by query)."
)
LEAK_QUERY: Final = _error(
    "leak-query", "queries of the test file", "Remove them here (`lychee data split` splits by query)."
)
LEAK_NEAR_QUERY: Final = _warning(
    "leak-near-query", "queries much like those of the test file", "Remove them here, or reword them."
)
LEAK_PICTURE: Final = _warning(
    "leak-picture", "pictures of the test file", "Fine for a shared collection; else remove them on one side."
)
AGAINST: Final = _warning("against-malformed", "a test file with bad lines", "Check the test file, too.")

KINDS: Final = {kind.code: kind for kind in list(globals().values()) if isinstance(kind, Kind)}
