# Prints "LINES FILE:LINE NAME" for every function of the C++ files given. It goes by braces: at the
# level of namespaces and classes, a brace after a parenthesis opens a function.

function reset_file() {
  depth = 0      # transparent braces: namespaces, classes, extern "C"
  inside = 0     # braces within a function or an initialiser
  header = ""    # text since the last ; { or } at a transparent level
  start = 0      # line where `header` begins
  in_comment = in_raw = in_macro = 0
}

function opens_scope(text) {
  gsub(/__attribute__ *\(\([^)]*(\([^)]*\))?[^)]*\)\)|template *<[^{]*> *(requires[^{]*)?/, " ", text)
  return text ~ /^[ \t]*(inline +)?namespace([ \t]|$)/ ||
         text ~ /^[ \t]*(typedef +)?(class|struct|union|enum)[ \t][^(]*$/ ||
         text ~ /^[ \t]*extern +"" *$/
}

FNR == 1 { reset_file() }

{
  line = $0
  if (in_raw) {
    end = index(line, in_raw)
    if (!end) next
    line = substr(line, end + length(in_raw))
    in_raw = ""
  }
  if (in_macro || (!in_comment && line ~ /^[ \t]*#/)) {
    in_macro = line ~ /\\$/
    next
  }
  if (in_comment) {
    end = index(line, "*/")
    if (!end) next
    line = substr(line, end + 2)
    in_comment = 0
  }
  if (match(line, /R"[^(" ]*\(/)) {
    closing = ")" substr(line, RSTART + 2, RLENGTH - 3) "\""
    rest = substr(line, RSTART + RLENGTH)
    end = index(rest, closing)
    if (end) {
      line = substr(line, 1, RSTART - 1) substr(rest, end + length(closing))
    } else {
      in_raw = closing
      line = substr(line, 1, RSTART - 1)
    }
  }
  gsub(/'(\\[^']+|[^'\\])'/, " ", line)
  gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
  gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
  sub(/\/\/.*/, "", line)
  if (match(line, /\/\*/)) {
    in_comment = 1
    line = substr(line, 1, RSTART - 1)
  }
  while (match(line, /[{};]/)) {
    before = substr(line, 1, RSTART - 1)
    mark = substr(line, RSTART, 1)
    line = substr(line, RSTART + 1)
    if (inside > 0) {
      if (mark == "{") ++inside
      if (mark == "}" && --inside == 0) {
        if (is_function) print FNR - start + 1, FILENAME ":" start, name
        # An initialiser's closing brace may be one of a constructor's list: the header goes on.
        if (is_function) header = ""
        else header = header " "
      }
      continue
    }
    if (header ~ /^[ \t]*$/) start = FNR
    header = header before
    if (mark == "{") {
      if (opens_scope(header)) {
        ++depth
        header = ""
      } else {
        inside = 1
        # After ")" and what may follow it stands a body; after a name or "=", an initialiser.
        is_function = header ~ /\)[ \t]*(const|noexcept|override|final|mutable|->[^=]*|&|[ \t])*$/ ||
                      header ~ /\)[ \t]*:.*[)} ][ \t]*$/
        name = header
        sub(/\(.*/, "", name)
        sub(/^.*[ \t*&]/, "", name)
      }
    } else {
      if (mark == "}") --depth
      header = ""
    }
  }
  if (inside == 0) {
    if (header ~ /^[ \t]*$/ && line ~ /[^ \t]/) {
      start = FNR
      header = ""
    }
    header = header line " "
    sub(/^[ \t]+/, "", header)
    sub(/^(public|private|protected):[ \t]*/, "", header)
  }
}
