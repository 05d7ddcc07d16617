//! The `multipart/form-data` body.
//!
//! A body that just stops is no error: the parts before the one it stops in are the form.

use super::charset::Charset;
use super::headers::{self, Header};
use super::{FormError, FormValue, MAX_FIELD_SIZE, MAX_FIELDS, TOO_MANY_FIELDS};

/// The most files a form may have.
const MAX_FILES: usize = 1000;
/// The most headers a part may have.
const MAX_HEADERS: usize = 8;
/// The most bytes of a part's header line, its line end not counted.
const MAX_HEADER_LINE: usize = 4096 + 128;
/// The most bytes of the boundary.
const MAX_BOUNDARY: usize = 256;

/// The answer to a multipart content type without a boundary.
const NO_BOUNDARY: FormError = FormError("Missing boundary in multipart.");
/// The answer to every offence against the syntax.
const INVALID: FormError = FormError("Invalid multipart data.");
/// The answer to a part that does not say which field it is.
const NO_NAME: FormError =
    FormError("The Content-Disposition header field \"name\" must be provided.");
/// The answer to a text part longer than [`MAX_FIELD_SIZE`].
const PART_TOO_LARGE: FormError = FormError("Part exceeded maximum size of 1024KB.");
/// The answer to a form with more than [`MAX_FILES`] files.
const TOO_MANY_FILES: FormError = FormError("Too many files. Maximum number of files is 1000.");

/// Reads the parts of `body`, which the parameters of `content_type` describe.
pub(super) fn read(
    content_type: &Header<'_>,
    body: &[u8],
) -> Result<Vec<(String, FormValue)>, FormError> {
    let charset = content_type
        .parameter(b"charset")
        .map_or(Charset::Utf8, |label| Charset::named(&label));
    let boundary = content_type.parameter(b"boundary").ok_or(NO_BOUNDARY)?;
    if boundary.len() > MAX_BOUNDARY {
        return Err(INVALID);
    }
    let delimiter = [b"\r\n--", boundary.as_slice()].concat();
    let mut reader = Reader {
        body,
        delimiter: &delimiter,
        charset,
        fields: Vec::new(),
        texts: 0,
        files: 0,
    };
    let mut next = reader.opening()?;
    while let Some(headers) = next {
        next = reader.part(headers)?;
    }
    Ok(reader.fields)
}

/// A body being read, with what was found so far.
struct Reader<'a> {
    body: &'a [u8],
    /// The line end, the two hyphens and the boundary that end a part.
    delimiter: &'a [u8],
    charset: Charset,
    fields: Vec<(String, FormValue)>,
    /// How many text parts began.
    texts: usize,
    /// How many files began.
    files: usize,
}

/// The headers of a part.
struct Head<'a> {
    /// The value of the last `Content-Disposition`.
    disposition: Option<&'a [u8]>,
    /// Where the data behind the headers starts.
    data: usize,
}

/// What the headers of a part say about it.
struct Part {
    name: String,
    is_file: bool,
}

impl<'a> Reader<'a> {
    /// The body from `at` on.
    fn rest(&self, at: usize) -> &'a [u8] {
        self.body.get(at..).unwrap_or_default()
    }

    /// Reads the first delimiter and gives the place behind it, or nothing if no part follows.
    ///
    /// The delimiter must stand at the very start; but after a leading line end everything up to a hyphen is skipped.
    fn opening(&self) -> Result<Option<usize>, FormError> {
        let start = match self.body {
            [b'\r' | b'\n', ..] => self.body.iter().position(|&byte| byte == b'-'),
            _ => Some(0),
        };
        let rest = start.map(|at| self.rest(at)).unwrap_or_default();
        let line = self.delimiter.get(2..).unwrap_or_default();
        match rest.strip_prefix(line) {
            None if line.starts_with(rest) => Ok(None),
            Some([b'\r', b'\n', headers @ ..]) => Ok(Some(self.body.len() - headers.len())),
            Some([b'-', b'-', ..] | [b'-' | b'\r'] | []) => Ok(None),
            None | Some(_) => Err(INVALID),
        }
    }

    /// Reads the part whose headers start at `at` and gives the place of the next part's headers, if there is one.
    fn part(&mut self, at: usize) -> Result<Option<usize>, FormError> {
        let Some(Head {
            disposition,
            data: start,
        }) = self.headers(at)?
        else {
            return Ok(None);
        };
        let part = self.begin(disposition)?;
        let mut from = start;
        loop {
            let Some(end) = find(self.body, from, self.delimiter) else {
                check_size(&part, self.unfinished(from) - start)?;
                return Ok(None);
            };
            let after = end + self.delimiter.len();
            let next = match self.rest(after) {
                [b'\r', b'\n', ..] => Some(after + 2),
                [b'-', b'-', ..] => None,
                [b' ' | b'\t', ..] => {
                    check_size(&part, end - start)?;
                    let Some(next) = self.padding(after)? else {
                        return Ok(None);
                    };
                    Some(next)
                }
                [b'\r' | b'-'] | [] => {
                    check_size(&part, end - start)?;
                    return Ok(None);
                }
                [b'\r' | b'-', ..] => {
                    from = after + 1;
                    continue;
                }
                [..] => {
                    from = after;
                    continue;
                }
            };
            check_size(&part, end - start)?;
            self.finish(part, self.body.get(start..end).unwrap_or_default());
            return Ok(next);
        }
    }

    /// Reads a part's headers, or nothing if the body stops within them.
    fn headers(&self, mut at: usize) -> Result<Option<Head<'a>>, FormError> {
        let mut disposition = None;
        let mut count = 0;
        loop {
            match self.rest(at) {
                [b'\r', b'\n', ..] => {
                    return Ok(Some(Head {
                        disposition,
                        data: at + 2,
                    }));
                }
                [] | [b'\r'] => return Ok(None),
                [b'\r', ..] => return Err(INVALID),
                [..] => count += 1,
            }
            if count > MAX_HEADERS {
                return Err(INVALID);
            }
            let Some(line) = header_line(self.rest(at))? else {
                return Ok(None);
            };
            if line.name.eq_ignore_ascii_case(b"content-disposition") {
                disposition = Some(line.value);
            }
            at += line.length;
        }
    }

    /// Counts a part whose headers were read.
    fn begin(&mut self, disposition: Option<&[u8]>) -> Result<Part, FormError> {
        let disposition = headers::parse(disposition.unwrap_or_default());
        let name = self
            .charset
            .decode(&disposition.parameter(b"name").ok_or(NO_NAME)?);
        let is_file = disposition.parameter(b"filename").is_some();
        if is_file {
            self.files += 1;
            if self.files > MAX_FILES {
                return Err(TOO_MANY_FILES);
            }
        } else {
            self.texts += 1;
            if self.texts > MAX_FIELDS {
                return Err(TOO_MANY_FIELDS);
            }
        }
        Ok(Part { name, is_file })
    }

    /// Keeps a part that is complete.
    fn finish(&mut self, part: Part, data: &[u8]) {
        let value = if part.is_file {
            FormValue::File
        } else {
            FormValue::Text(self.charset.decode(data))
        };
        self.fields.push((part.name, value));
    }

    /// Reads the blanks and the line end behind a delimiter; gives nothing if the body stops there.
    fn padding(&self, after: usize) -> Result<Option<usize>, FormError> {
        let blanks = self
            .rest(after)
            .iter()
            .take_while(|&&byte| byte == b' ' || byte == b'\t')
            .count();
        match self.rest(after + blanks) {
            [b'\r', b'\n', ..] => Ok(Some(after + blanks + 2)),
            [] | [b'\r'] => Ok(None),
            [..] => Err(INVALID),
        }
    }

    /// Where the data of an unfinished part ends: before what could be the beginning of a delimiter.
    fn unfinished(&self, from: usize) -> usize {
        let length = self.body.len();
        let earliest = from.max((length + 1).saturating_sub(self.delimiter.len()));
        let candidate = self
            .rest(earliest)
            .iter()
            .rposition(|&byte| byte == b'\r')
            .map(|offset| earliest + offset);
        candidate
            .filter(|&at| self.delimiter.starts_with(self.rest(at)))
            .unwrap_or(length)
    }
}

/// One header line of a part.
struct Line<'a> {
    name: &'a [u8],
    value: &'a [u8],
    /// The bytes of the line together with its end.
    length: usize,
}

/// Reads the header line at the start of `rest`, or nothing if the body stops within it.
fn header_line(rest: &[u8]) -> Result<Option<Line<'_>>, FormError> {
    let colon = rest.iter().position(|&byte| byte == b':');
    let name = rest.get(..colon.unwrap_or(rest.len())).unwrap_or_default();
    let value_at = name.len() + usize::from(colon.is_some());
    if value_at > MAX_HEADER_LINE || !name.iter().all(|&byte| is_token(byte)) {
        return Err(INVALID);
    }
    if colon.is_none() {
        return Ok(None);
    }
    if name.is_empty() {
        return Err(INVALID);
    }
    let behind = rest.get(value_at..).unwrap_or_default();
    let end = behind
        .iter()
        .position(|&byte| byte == b'\r')
        .unwrap_or(behind.len());
    if value_at + end > MAX_HEADER_LINE {
        return Err(INVALID);
    }
    let value = behind.get(..end).unwrap_or_default();
    let value = value
        .iter()
        .position(|&byte| byte != b' ')
        .and_then(|first| value.get(first..))
        .unwrap_or_default();
    match behind.get(end..).unwrap_or_default() {
        [b'\r', b'\n', ..] => Ok(Some(Line {
            name,
            value,
            length: value_at + end + 2,
        })),
        [] | [b'\r'] => Ok(None),
        [..] => Err(INVALID),
    }
}

/// Whether a header's name may contain this byte.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Checks the size of a part's data so far; files may have any.
fn check_size(part: &Part, size: usize) -> Result<(), FormError> {
    if part.is_file || size <= MAX_FIELD_SIZE {
        Ok(())
    } else {
        Err(PART_TOO_LARGE)
    }
}

/// The first place at or behind `from` where `delimiter`, which begins with a carriage return, stands.
fn find(body: &[u8], mut from: usize, delimiter: &[u8]) -> Option<usize> {
    loop {
        let rest = body.get(from..)?;
        let found = from + rest.iter().position(|&byte| byte == b'\r')?;
        if body.get(found..)?.starts_with(delimiter) {
            return Some(found);
        }
        from = found + 1;
    }
}
