package io.weir.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.core.ConfigCheck;
import io.weir.core.StartException;
import io.weir.core.config.ProxyConfig;
import io.weir.core.status.ExplainedRequest;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.explain.ExplainJson;
import io.weir.daemon.explain.ExplainText;
import io.weir.daemon.explain.Question;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.service.AwaitedLists;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir explain}: which way a request would go, and why; or why one was refused. */
@Command(
    name = "explain",
    description =
        "Says which way a request would go, rule by rule: in the running Weir, or with -c by a file"
            + " that does not run yet.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  /** A request that is described, or one that was. */
  static final class Subject {
    @ArgGroup(exclusive = false)
    private @Nullable Described described;

    @Option(
        names = "--request-id",
        required = true,
        paramLabel = "ID",
        description = "A request that was refused not long ago, by the id on its error page.")
    private @Nullable String requestId;
  }

  /** Who asks for what. */
  static final class Described {
    @Option(
        names = "--url",
        required = true,
        paramLabel = "URL",
        description = "What is asked for.")
    private String url = "";

    @Option(names = "--ip", required = true, paramLabel = "ADDRESS", description = "Who asks.")
    private String ip = "";
  }

  @ArgGroup(multiplicity = "1")
  private final Subject subject = new Subject();

  @Option(names = "--method", paramLabel = "METHOD", description = "GET if left out.")
  private String method = "GET";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A header; may be repeated.")
  private List<String> headers = List.of();

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "http/1.0, http/1.1 (if left out) or h2.")
  private String protocol = "http/1.1";

  @Option(
      names = "--listener",
      paramLabel = "NAME",
      description = "Where it comes in; if left out, where the URL's port leads.")
  private @Nullable String listener;

  @Option(
      names = "--ja4",
      paramLabel = "FINGERPRINT",
      description =
          "The JA4 fingerprint of the client's TLS; if left out, rules that ask for it are"
              + " undecided.")
  private @Nullable String ja4;

  @Option(
      names = "--tls-version",
      paramLabel = "VERSION",
      description = "1.2 or 1.3; if left out, rules that ask for it are undecided.")
  private @Nullable String tlsVersion;

  @Option(
      names = "--client-subject",
      paramLabel = "SUBJECT",
      description =
          "The subject of the client's certificate, '' for a client that shows none; if left out,"
              + " rules that ask for it are undecided.")
  private @Nullable String clientSubject;

  @Option(
      names = "--live",
      description = "Ask the running Weir, also with -c, which then says where it is.")
  private boolean live;

  @Mixin private final FormatOption format = new FormatOption();
  @Mixin private final RunningDaemon daemon = new RunningDaemon();

  @Override
  public Integer call() throws IOException, NoAnswer {
    if (subject.requestId != null) {
      return live(Map.of("request_id", subject.requestId));
    }
    Described described = Objects.requireNonNull(subject.described); // one of the two is given
    Question question =
        new Question(
            described.url,
            described.ip,
            method,
            headers,
            protocol,
            listener,
            new Question.Tls(tlsVersion, clientSubject, ja4));
    try {
      var _ = question.asked(); // wrong usage is wrong whether somebody answers or not
    } catch (IllegalArgumentException e) {
      System.err.println("weir: " + e.getMessage());
      return ExitCode.USAGE;
    }
    Path file = live ? null : daemon.namedFile();
    return file == null ? live(body(question)) : fromFile(file, question);
  }

  private static Map<String, Object> body(Question question) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("url", question.url());
    body.put("ip", question.ip());
    body.put("method", question.method());
    body.put("headers", question.headers());
    body.put("protocol", question.protocol());
    put("listener", question.listener(), body);
    put("tls_version", question.tls().version(), body);
    put("client_subject", question.tls().clientSubject(), body);
    put("ja4", question.tls().ja4(), body);
    return body;
  }

  private static void put(String name, @Nullable String value, Map<String, Object> body) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private int live(Map<String, Object> body) throws IOException, NoAnswer {
    AdminClient.Answer answer = daemon.ask(client -> client.post("/api/v1/explain", body));
    if (answer.status() != 200) {
      System.err.println("weir: " + answer.text("detail"));
      return answer.status() == 422 ? ExitCode.USAGE : ExitCode.NO_ADMIN;
    }
    print(answer.json());
    return ExitCode.OK;
  }

  private int fromFile(Path file, Question question) throws IOException {
    return switch (ConfigSource.file(file).load()) {
      case Loading.Broken broken -> {
        System.err.print(new ProblemPrinter(false).print(broken.problems()));
        yield ExitCode.INVALID;
      }
      case Loading.Loaded loaded -> {
        try {
          ProxyConfig started = AwaitedLists.atStart(loaded.config()).proxy();
          yield print(ConfigCheck.explain(started, question.asked()));
        } catch (StartException e) {
          System.err.println("weir: " + e.getMessage());
          yield ExitCode.INVALID;
        }
      }
    };
  }

  private int print(ExplainedRequest explained) throws IOException {
    return switch (explained) {
      case ExplainedRequest.Unclear(String why) -> {
        System.err.println("weir: " + why);
        yield ExitCode.USAGE;
      }
      case ExplainedRequest.Traced traced -> {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
          json.writeStartObject();
          ExplainJson.write(traced, json);
          json.writeEndObject();
        }
        print(Map.of("explained", JSON.std.mapFrom(text.toString())));
        yield ExitCode.OK;
      }
    };
  }

  private void print(Map<String, Object> answer) throws IOException {
    if (format.isJson()) {
      System.out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(answer));
      return;
    }
    boolean past = answer.get("refused") instanceof Map<?, ?>;
    if (answer.get("refused") instanceof Map<?, ?> refused) {
      System.out.print(ExplainText.ofRefusal(refused, Instant.now()));
    }
    if (answer.get("explained") instanceof Map<?, ?> traced) {
      if (past) {
        System.out.println("\nIf it came again now:\n");
      }
      System.out.print(ExplainText.of(traced));
    } else if (answer.containsKey("unclear")) {
      System.out.println("\nIt cannot be asked about again: " + answer.get("unclear"));
    }
  }
}
