package io.weir.packaging;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A real browser with one page, driven over its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final Pattern DEVTOOLS = Pattern.compile("ws://(127\\.0\\.0\\.1:[0-9]+)/\\S+");
  private static final int PATIENCE_SECONDS = 60;

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Map<String, Object>> answers = new LinkedBlockingQueue<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Process process;
  private final WebSocket page;
  private int calls;

  Chromium(Path profile) {
    try {
      ProcessBuilder chromium =
          new ProcessBuilder(
                  "chromium",
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true);
      chromium.environment().put("TMPDIR", profile.getParent().toString());
      process = chromium.start();
      page = client.newWebSocketBuilder().buildAsync(pageOf(address()), new Listener()).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
    call("Page.enable", Map.of());
  }

  void opens(String url) {
    call("Page.navigate", Map.of("url", url));
  }

  /** The value of an expression on the page, as text. */
  String evaluates(String expression) {
    var result = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(result.get("result"))).get("value"));
  }

  String text(String id) {
    return evaluates("(document.getElementById('" + id + "') || {}).textContent");
  }

  void isAsWideAs(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  void prefers(String scheme) {
    var feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  void types(String key) {
    call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "text", key));
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  /** What the browser reported: errors of scripts, refused resources. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    page.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  private String address() throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = DEVTOOLS.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("chromium did not start:\n" + said);
  }

  private static URI pageOf(String address) throws IOException {
    for (Object each : JSON.std.listFrom(Http.body("http://" + address + "/json/list"))) {
      if (each instanceof Map<?, ?> target && "page".equals(target.get("type"))) {
        return URI.create(String.valueOf(target.get("webSocketDebuggerUrl")));
      }
    }
    throw new AssertionError("chromium has no page");
  }

  private Map<?, ?> call(String method, Map<String, ?> parameters) {
    int id = ++calls;
    try {
      Map<String, Object> message = Map.of("id", id, "method", method, "params", parameters);
      page.sendText(JSON.std.asString(message), true).join();
      while (true) {
        Map<String, Object> answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer.containsKey("error")) {
          throw new AssertionError(method + ": " + answer);
        }
        if (Integer.valueOf(id).equals(answer.get("id"))) {
          return (Map<?, ?>) Objects.requireNonNull(answer.get("result"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String message = partial.toString();
        partial.setLength(0);
        take(message);
      }
      socket.request(1);
      return null;
    }

    private void take(String message) {
      try {
        Map<String, Object> read = JSON.std.mapFrom(message);
        if (read.containsKey("id")) {
          answers.add(read);
        } else if (message.contains("Runtime.exceptionThrown")
            || (message.contains("Log.entryAdded") && message.contains("\"error\""))) {
          complaints.add(message);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
