package io.weir.daemon.fetch;

import io.weir.daemon.config.FetchedList;
import io.weir.daemon.config.FetchedList.Checksum;
import io.weir.daemon.state.ListCopy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks one server for one list, and believes only what holds. Waits; for threads of its own. */
final class ListRequest implements AutoCloseable {
  private static final long MOST = 64 << 20; // as of files: three million IPv4 prefixes
  private static final long MOST_OF_CHECKSUMS = 64 << 10;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration WHOLE = Duration.ofMinutes(2); // 64 MiB at 5 Mbit/s
  private static final String HTML = "text/html";
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  /** A line of {@code sha256sum}: digits, then perhaps a name, with an asterisk for binary. */
  private static final Pattern SUM =
      Pattern.compile("(?m)^(?<sum>[0-9A-Fa-f]{64})(?:[ \\t]+\\*?(?<name>\\S.*?))?\\s*$");

  private final FetchedList list;
  private final Duration patience;
  private final HttpClient client;

  /**
   * For one list.
   *
   * @throws IOException if its authorities cannot be read
   */
  ListRequest(FetchedList list) throws IOException {
    this(list, WHOLE);
  }

  /** The same, where a server has {@code patience} until all of its answer is here. */
  ListRequest(FetchedList list, Duration patience) throws IOException {
    this.list = list;
    this.patience = patience;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL); // never from https to http
    if (list.authorities() != null) {
      builder.sslContext(Authorities.context(list.authorities()));
    }
    client = builder.build();
  }

  /**
   * The version that the server has, if it is another than that which is here.
   *
   * @throws IOException saying why there is none that can be used
   */
  @Nullable ListCopy newer(@Nullable ListCopy here) throws IOException, InterruptedException {
    if (here != null
        && list.checksum() instanceof Checksum.Fixed(String sum)
        && sum.equalsIgnoreCase(here.sha256())) {
      return null; // it cannot be another
    }
    HttpRequest.Builder request = request(list.url());
    if (here != null && !here.etag().isEmpty()) {
      request.header("If-None-Match", here.etag());
    }
    if (here != null && !here.modified().isEmpty()) {
      request.header("If-Modified-Since", here.modified());
    }
    HttpResponse<byte[]> answer = send(request.build(), MOST);
    if (answer.statusCode() == NOT_MODIFIED && here != null) {
      return null;
    }
    expectOk(answer);
    byte[] content = answer.body();
    expectNoPage(content, header(answer, "Content-Type"));
    checkSum(content);
    if (here != null && here.sameContent(content)) {
      return null;
    }
    checkEntries(content);
    return new ListCopy(header(answer, "ETag"), header(answer, "Last-Modified"), content);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static HttpRequest.Builder request(URI url) {
    return HttpRequest.newBuilder(url).timeout(ANSWER).header("User-Agent", "weir").GET();
  }

  private HttpResponse<byte[]> send(HttpRequest request, long most)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    try {
      HttpResponse<byte[]> whole = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (FetchedList.isTrusted(request.uri()) && !FetchedList.isTrusted(whole.uri())) {
        throw new IOException("it was redirected to plain http");
      }
      return whole;
    } catch (TimeoutException e) {
      throw new IOException("it took more than " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()), e);
    } finally {
      answer.cancel(true);
    }
  }

  /** Of a connection that is not made the client says nothing but its exception's name. */
  private static String reason(@Nullable Throwable failure) {
    String words = null;
    boolean unresolved = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      words = cause.getMessage() == null ? words : cause.getMessage();
      unresolved |= cause instanceof UnresolvedAddressException;
    }
    if (unresolved) {
      return "the name of its host cannot be resolved";
    }
    if (words == null && failure instanceof ConnectException) {
      return "connection refused";
    }
    return words == null ? "no reason is known" : words;
  }

  private static void expectOk(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() != OK) {
      throw new IOException("it was answered " + answer.statusCode());
    }
  }

  /** Each of its lines would be a good entry of a list of texts. */
  private static void expectNoPage(byte[] content, String type) throws IOException {
    int first = 0;
    while (first < content.length && content[first] <= ' ' && content[first] >= 0) {
      first++;
    }
    boolean looksSo = first < content.length && content[first] == '<';
    if (looksSo || type.strip().regionMatches(true, 0, HTML, 0, HTML.length())) {
      throw new IOException("it is a page of HTML and no list");
    }
  }

  private void checkSum(byte[] content) throws IOException, InterruptedException {
    String expected =
        switch (list.checksum()) {
          case Checksum.None() -> null;
          case Checksum.Fixed(String sum) -> sum;
          case Checksum.At(URI url) -> published(url);
        };
    String found = ListCopy.sha256(content);
    if (expected != null && !expected.equalsIgnoreCase(found)) {
      throw new IOException("its SHA-256 is " + found + " (expected: " + expected + ")");
    }
  }

  /** The sum that stands there: the one beside the list's name, or the only one. */
  private String published(URI url) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(request(url).build(), MOST_OF_CHECKSUMS);
    if (answer.statusCode() != OK) {
      throw new IOException("its checksum was answered " + answer.statusCode());
    }
    String path = list.url().getPath();
    String wanted = path.substring(path.lastIndexOf('/') + 1);
    Matcher sums = SUM.matcher(new String(answer.body(), StandardCharsets.UTF_8));
    String only = null;
    int count = 0;
    while (sums.find()) {
      String name = sums.group("name");
      if (name != null && name.substring(name.lastIndexOf('/') + 1).equals(wanted)) {
        return sums.group("sum");
      }
      only = sums.group("sum");
      count++;
    }
    if (only == null || count > 1) {
      throw new IOException("there is no checksum of " + wanted + " at its sha256_url");
    }
    return only;
  }

  /** An error page that is answered 200 must not take the place of a list, nor must nothing. */
  private void checkEntries(byte[] content) throws IOException {
    String problem = list.problem(content);
    if (problem != null) {
      throw new IOException(problem);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
