package io.weir.core.answer;

import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answers to failures and refusals, each encoded once, with a place for the request's id. Any
 * thread.
 */
public final class ErrorPages {
  /** Where the id goes in a page. */
  private static final Pattern PLACE_OF_ID = Pattern.compile("{request_id}", Pattern.LITERAL);

  /** The pages of a configuration that has none of its own. */
  public static final ErrorPages BUILT_IN = new ErrorPages(Map.of());

  private static final int FIRST = 400;
  private static final int LAST = 599;
  private static final PageKind[] KINDS = PageKind.values();

  private static final AtomicReferenceArray<LocalResponse> MADE =
      new AtomicReferenceArray<>((LAST - FIRST + 1) * KINDS.length);

  private final Map<Integer, @Nullable LocalResponse[]> own = new HashMap<>();

  /**
   * Compiles pages.
   *
   * @param own by status, 400 to 599, and kind; {@code {status}}, {@code {reason}}, {@code {cause}}
   *     and {@code {request_id}} in them are replaced
   */
  public ErrorPages(Map<Integer, Map<PageKind, String>> own) {
    own.forEach((status, texts) -> {
      @Nullable LocalResponse[] pages = new LocalResponse[KINDS.length];
      texts.forEach((kind, text) -> pages[kind.ordinal()] = page(status, kind, text));
      this.own.put(status, pages);
    });
  }

  /**
   * The page for one request, which waits for its id.
   *
   * @param status 400 to 599
   * @param request whose Accept fields choose the kind
   */
  public LocalResponse page(int status, Fields request) {
    PageKind kind = AcceptReader.preferred(request);
    @Nullable LocalResponse[] pages = own.get(status);
    LocalResponse page = pages == null ? null : pages[kind.ordinal()];
    return page != null ? page : builtIn(status, kind);
  }

  private static LocalResponse builtIn(int status, PageKind kind) {
    int at = (status - FIRST) * KINDS.length + kind.ordinal();
    LocalResponse known = MADE.get(at);
    if (known == null) {
      known = page(status, kind, BuiltInPage.of(kind));
      MADE.set(at, known);
    }
    return known;
  }

  private static LocalResponse page(int status, PageKind kind, String text) {
    String filled =
        text.replace("{status}", Integer.toString(status))
            .replace("{reason}", LocalResponse.reason(status))
            .replace("{cause}", Causes.of(status));
    String lines =
        "Content-Type: " + kind.contentType() + "\r\nCache-Control: no-store\r\n"; // for its id
    return LocalResponse.of(status, lines, List.of(PLACE_OF_ID.split(filled, -1)));
  }
}
