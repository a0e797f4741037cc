package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.brokenOff;
import static io.weir.core.stories.framing.RequestRow.chunked;
import static io.weir.core.stories.framing.RequestRow.post;
import static io.weir.core.stories.framing.RequestRow.row;

import java.util.List;

/**
 * Requests whose client says that no more comes before they are whole: RFC 9112 section 8. What has
 * come must not look like all of it to a backend.
 */
final class FinRows {
  private static final String HELLO = "5\r\nhello\r\n";

  private FinRows() {}

  static List<RequestRow> rows() {
    return List.of(
        end("in a request line", "GET / HT"),
        end("behind a request line", "GET / HTTP/1.1\r\n"),
        end("in a head", "GET / HTTP/1.1\r\nHost: a\r\nX: y"),
        end("before the empty line", "GET / HTTP/1.1\r\nHost: a\r\n"),
        end("within the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\r"),
        end("before a body", post("", "Content-Length: 5")),
        end("in a body", post("hell", "Content-Length: 5")),
        end("before the first chunk", chunked("")),
        end("in the size of a chunk", chunked("5")),
        end("behind the size of a chunk", chunked("5\r\n")),
        end("in a chunk", chunked("5\r\nhel")),
        end("behind the data of a chunk", chunked("5\r\nhello")),
        end("before the last chunk", chunked(HELLO)),
        end("behind the last chunk", chunked(HELLO + "0\r\n")),
        end("within the last empty line", chunked(HELLO + "0\r\n\r")),
        end("in a trailer", chunked(HELLO + "0\r\nX-Sum: 7")),
        end("behind a trailer", chunked(HELLO + "0\r\nX-Sum: 7\r\n")));
  }

  private static RequestRow end(String where, String bytes) {
    return row("the end comes " + where, "RFC 9112 §8", bytes, brokenOff());
  }
}
