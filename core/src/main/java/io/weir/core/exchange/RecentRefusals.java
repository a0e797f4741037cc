package io.weir.core.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.firewall.Evidence;
import io.weir.firewall.Refusal;
import io.weir.firewall.RequestView;
import io.weir.firewall.address.ClientAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last refusals of one worker, written and read on its loop. */
public final class RecentRefusals {
  /*
   * Two rings, so that a flood of connections that are refused at accept pushes no request out. A
   * place is made when it is first needed and then reused: a refusal costs a copy of its head and
   * no garbage. Whoever asks is answered on the loop, with as many as he asks for.
   */

  /** A place with its head is 2 KiB: 1 MiB for each worker. */
  private static final int REQUESTS = 512;

  private static final int CONNECTIONS = 128;

  /** Nearly every head of a browser fits; of longer ones only the first line is kept. */
  private static final int MOST_LINES = 2048;

  private static final int MOST_TARGET = 2048;
  private static final int MOST_NAME = 256; // of a host, as long as DNS has them, or of a method

  private final Ring requests = new Ring(REQUESTS);
  private final Ring connections = new Ring(CONNECTIONS);

  RecentRefusals() {}

  /** Keeps what a report shows. */
  void add(RuleReport report, Refusal refusal, int retryAfterSeconds, @Nullable RequestView view) {
    Place place = (view == null ? connections : requests).next();
    Exchange exchange = report.exchange();
    int status = exchange == null ? 0 : exchange.statusOf(refusal); // connections are closed
    place.take(report, status, retryAfterSeconds);
    if (view != null && exchange != null) {
      place.take(exchange, view, Objects.requireNonNull(report.requestId()), report.generation());
    }
  }

  /** The latest ones, of both kinds together, the latest first. */
  public List<Refused> latest(int limit) {
    List<Refused> all = new ArrayList<>();
    requests.latest(limit, all);
    connections.latest(limit, all);
    all.sort((a, b) -> Long.compare(b.epochMillis(), a.epochMillis()));
    return all.size() <= limit ? all : all.subList(0, limit);
  }

  /**
   * Those since a mark, the earliest first.
   *
   * @param mark null: none, to begin with
   * @param limit how many of requests, and how many of connections; the latest of them
   */
  public RefusedSince since(RefusedSince.@Nullable Mark mark, int limit) {
    RefusedSince.Mark now = new RefusedSince.Mark(requests.added, connections.added);
    RefusedSince.Mark from = mark == null ? now : mark;
    List<Refused> all = new ArrayList<>();
    long missed =
        requests.since(from.requests(), limit, all)
            + connections.since(from.connections(), limit, all);
    all.sort(Comparator.comparingLong(Refused::epochMillis));
    return new RefusedSince(all, missed, List.of(now));
  }

  /** The request of that id; null if it is not known any more. */
  public @Nullable Refused find(String requestId) {
    return requests.find(requestId);
  }

  /** Places, each of which gives way to a later refusal. */
  private static final class Ring {
    private final Place[] places;
    private long added;

    Ring(int size) {
      places = new Place[size];
    }

    Place next() {
      int at = (int) (added++ % places.length);
      if (places[at] == null) {
        places[at] = new Place();
      }
      return places[at];
    }

    void latest(int limit, List<Refused> into) {
      long oldest = Math.max(0, added - Math.min(limit, places.length));
      for (long i = added - 1; i >= oldest; i--) {
        into.add(places[(int) (i % places.length)].show());
      }
    }

    /** Those after so many, and how many there were before those. */
    long since(long known, int limit, List<Refused> into) {
      long oldest = Math.max(known, added - Math.min(limit, places.length));
      for (long i = oldest; i < added; i++) {
        into.add(places[(int) (i % places.length)].show());
      }
      return oldest - known;
    }

    @Nullable Refused find(String requestId) {
      long oldest = Math.max(0, added - places.length);
      for (long i = added - 1; i >= oldest; i--) {
        Place place = places[(int) (i % places.length)];
        if (requestId.equals(place.requestId)) {
          return place.show();
        }
      }
      return null;
    }
  }

  /** One refusal; reused. */
  private static final class Place {
    private long epochMillis;
    private ClientAddress client = ClientAddress.v4(0);
    private @Nullable String rule;
    private String action = "";
    private int status;
    private int retryAfterSeconds;
    private @Nullable String field;
    private final char[] excerpt = new char[Evidence.MOST];
    private int excerptLength; // -1: there is none
    private @Nullable String reason;
    private String listener = "";

    private @Nullable String requestId; // null: a connection
    private String method = "";
    private String host = "";
    private String target = "";
    private String protocol = "";
    private String route = "";
    private @Nullable String tlsVersion;
    private @Nullable String serverName;
    private @Nullable String clientSubject;
    private @Nullable String ja4;
    private boolean byProxy;
    private long generation;
    private byte[] lines = {};
    private int linesLength; // -1: too long

    void take(RuleReport report, int answered, int retryAfter) {
      epochMillis = report.epochMillis();
      client = report.client();
      rule = report.rule();
      action = report.action();
      status = answered;
      retryAfterSeconds = retryAfter;
      field = report.field();
      reason = report.reason();
      listener = report.listener();
      copyExcerpt(report.excerpt());
    }

    private void copyExcerpt(@Nullable CharSequence text) {
      if (text == null) {
        excerptLength = -1;
        return;
      }
      excerptLength = Math.min(text.length(), excerpt.length);
      for (int i = 0; i < excerptLength; i++) {
        excerpt[i] = text.charAt(i);
      }
    }

    void take(Exchange exchange, RequestView view, String id, long of) {
      requestId = id;
      method = clipped(view.method(), MOST_NAME);
      host = clipped(view.host(), MOST_NAME);
      String whole = exchange.head().target();
      target = clipped(whole, MOST_TARGET);
      protocol = view.protocol();
      route = view.route();
      tlsVersion = view.tlsVersion();
      serverName = view.serverName();
      clientSubject = view.clientSubject();
      ja4 = view.ja4();
      byProxy = exchange.connection().isTrusted();
      generation = of;
      copyLines(exchange.head().fields());
      if (whole.length() > MOST_TARGET) {
        linesLength = -1; // what is kept is not what was judged
      }
    }

    private static String clipped(String text, int most) {
      return text.length() > most ? text.substring(0, most) : text;
    }

    private void copyLines(Fields fields) {
      linesLength = 0;
      for (int i = 0; i < fields.count(); i++) {
        if (fields.name(i) == FieldName.REMOVED) {
          continue;
        }
        int start = fields.nameStart(i);
        int size = fields.valueEnd(i) - start;
        if (linesLength + size + 2 > MOST_LINES) {
          linesLength = -1;
          return;
        }
        if (lines.length == 0) {
          lines = new byte[MOST_LINES];
        }
        System.arraycopy(fields.bytes(), start, lines, linesLength, size);
        linesLength += size;
        lines[linesLength++] = '\r';
        lines[linesLength++] = '\n';
      }
    }

    Refused show() {
      return new Refused(
          epochMillis,
          client,
          rule,
          action,
          status,
          retryAfterSeconds,
          field,
          excerptLength < 0 ? null : new String(excerpt, 0, excerptLength),
          reason,
          listener,
          requestId == null ? null : request(requestId));
    }

    private Refused.Request request(String id) {
      return new Refused.Request(
          id,
          method,
          host,
          target,
          protocol,
          route,
          tlsVersion,
          serverName,
          clientSubject,
          ja4,
          byProxy,
          generation,
          linesLength < 0 ? null : new String(lines, 0, linesLength, ISO_8859_1));
    }
  }
}
