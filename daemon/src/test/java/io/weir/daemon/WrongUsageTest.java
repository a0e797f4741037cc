package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody is told who mistyped a command. */
class WrongUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "chekc                        # there is no command \"chekc\": did you mean \"check\"?",
        "nonsense                     # there is no command \"nonsense\"",
        "ban                          # what of it: add, remove or list?",
        "ban ad                       # there is no command \"ad\": did you mean \"add\"?",
        "ban add                      # IP is missing",
        "check foo.yaml               # weir check takes no \"foo.yaml\"; a file is named with -c:"
            + " weir check -c foo.yaml",
        "check --quite                # there is no option \"--quite\": did you mean \"--quiet\"?",
        "check --format xml           # --format: \"xml\" (expected: text | json)",
        "demo --seconds soon          # --seconds: \"soon\" (expected: a whole number)",
        "check -c                     # --config needs a value: FILE",
        "version now                  # weir version takes no \"now\"",
        "replay                       # ACCESS_LOG is missing",
        "explain --url=http://a/      # --ip is missing",
        "explain --ip=192.0.2.1       # --url is missing",
      })
  void isToldInPlainWords(String line, String says) {
    CommandRun run = CommandRun.of(line.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().toList()).hasSize(2).first().isEqualTo("weir: " + says);
  }

  @Test
  void aQuestionIsDescribedOrNamedButNotBoth() {
    assertThat(CommandRun.of("explain").err())
        .startsWith(
            "weir: one of these is missing: (--request-id=ID | [--url=URL --ip=ADDRESS])\n");
    CommandRun both = CommandRun.of("explain", "--url=http://a/", "--ip=::1", "--request-id=x");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err())
        .startsWith("weir: only one of these: (--request-id=ID | [--url=URL --ip=ADDRESS])\n");
  }

  @Test
  void portsOfTheDemoAreThoseThatExistAndDiffer() {
    for (String option : new String[] {"--http", "--https", "--admin"}) {
      for (String port : new String[] {"99999", "65536", "-1"}) {
        CommandRun run = CommandRun.of("demo", option, port);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
            .startsWith("weir: " + option + ": " + port + " (expected: 0 to 65535)\n");
      }
    }
    CommandRun twice = CommandRun.of("demo", "--http=8443");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).startsWith("weir: --http, --https and --admin: two of them are 8443\n");
  }

  @Test
  void anotherServerIsToldFromWeir() throws IOException {
    for (String body : new String[] {"<html>hello</html>", "[1]", "null", ""}) {
      HttpServer other =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      other.createContext(
          "/",
          exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      other.start();
      try {
        String address = "127.0.0.1:" + other.getAddress().getPort();
        CommandRun run = CommandRun.of("status", "--admin", address);
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err())
            .as(body)
            .isEqualTo(
                "weir: no Weir answers at " + address + ": what answers there is not Weir\n");
      } finally {
        other.stop(0);
      }
    }
  }
}
