package io.weir.daemon.config;

import io.weir.core.config.ConfigValidator;
import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.config.Loading.Reading;
import io.weir.daemon.problem.NamedFiles;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.Problem.Severity;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.state.StateDirectory;
import io.weir.daemon.watch.FileStamp;
import io.weir.daemon.yaml.Node;
import io.weir.daemon.yaml.SourceMap;
import io.weir.daemon.yaml.Variables;
import io.weir.daemon.yaml.Yaml;
import io.weir.daemon.yaml.Yaml.Entry;
import io.weir.daemon.yaml.Yaml.Mapping;
import io.weir.daemon.yaml.Yaml.Sequence;
import io.weir.daemon.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file with all that it names, and says everything that is wrong at once. */
public final class ConfigLoader {
  private final Function<String, @Nullable String> environment;
  private final Function<ProxyConfig, Findings> compileCheck;

  /** When a configuration is compiled to see what is wrong with it. */
  private enum CompileCheck {
    ALWAYS,
    BESIDE_ERRORS
  }

  /**
   * A loader.
   *
   * @param environment the value of a variable, or null
   * @param compileCheck finds what only compiling shows: expressions, certificates and their keys
   */
  public ConfigLoader(
      Function<String, @Nullable String> environment,
      Function<ProxyConfig, Findings> compileCheck) {
    this.environment = environment;
    this.compileCheck = compileCheck;
  }

  /** Reads the file; relative paths in it are relative to its folder. */
  public Loading load(Path file) {
    return load(file, CompileCheck.ALWAYS);
  }

  /**
   * The same for somebody who compiles it next, and hears then what only compiling shows: here it
   * is compiled only if there is something wrong already, to say all at once.
   */
  public Loading loadToCompile(Path file) {
    return load(file, CompileCheck.BESIDE_ERRORS);
  }

  /** Reads only {@code admin:}, for somebody who wants to speak to the daemon that has the file. */
  public AdminLookup admin(Path file) {
    Problems problems = new Problems();
    YamlReader reader = new YamlReader(new Variables(environment), problems);
    Mapping main = mapping(reader.read(file, 0), problems);
    return main == null
        ? new AdminLookup.Unknown(problems.sorted())
        : ConfigSection.admin(new Includes(reader, problems).resolve(main), problems);
  }

  private Loading load(Path file, CompileCheck check) {
    Problems problems = new Problems();
    YamlReader reader = new YamlReader(new Variables(environment), problems);
    return load(reader.read(file, 0), reader, problems, check);
  }

  /** Reads a text as if it were the content of the file. */
  public Loading load(Path file, String text) {
    Problems problems = new Problems();
    YamlReader reader = new YamlReader(new Variables(environment), problems);
    return load(reader.parse(file, text, 0), reader, problems, CompileCheck.ALWAYS);
  }

  private Loading load(
      @Nullable Yaml main, YamlReader reader, Problems problems, CompileCheck check) {
    Mapping mapping = mapping(main, problems);
    return mapping == null
        ? new Broken(problems.sorted())
        : read(fallbackLast(new Includes(reader, problems).resolve(mapping)), problems, check);
  }

  private static @Nullable Mapping mapping(@Nullable Yaml main, Problems problems) {
    if (main instanceof Mapping mapping) {
      return mapping;
    }
    if (main != null) {
      problems.error(
          main.at(), "", main.inWords() + " (expected: a map that begins with version: 1)", null);
    }
    return null;
  }

  private Loading read(Mapping document, Problems problems, CompileCheck check) {
    SourceMap sources = SourceMap.of(document);
    WeirConfig config =
        ConfigSection.read(Node.root(document, problems), StateDirectory.find(environment));
    if (!problems.anySectionLost()) {
      Findings findings =
          ConfigValidator.validate(config.proxy()).and(AdminAddressCheck.check(config, sources));
      boolean isBroken = problems.anyError() || !findings.errors().isEmpty();
      if (isBroken || check == CompileCheck.ALWAYS) {
        findings = findings.and(compileCheck.apply(config.proxy()));
      }
      report(findings, sources, problems);
    }
    return problems.anyError()
        ? new Broken(problems.sorted())
        : new Loaded(config, problems.sorted(), sources, new Read(document, problems.files()));
  }

  /** What was read, to be read again without the files that the configuration consists of. */
  private final class Read implements Reading {
    private final Mapping document;
    private final NamedFiles named;

    Read(Mapping document, NamedFiles named) {
      this.document = document;
      this.named = named;
    }

    @Override
    public Map<Path, FileStamp> files() {
      return named.all();
    }

    @Override
    public Set<Path> filesFor(String path) {
      return named.readFor(path);
    }

    @Override
    public Loading again(Set<Path> kept) {
      return read(document, new Problems(named.again(kept)), CompileCheck.BESIDE_ERRORS);
    }
  }

  /** What checks found beyond what reading already said. */
  private static void report(Findings findings, SourceMap sources, Problems problems) {
    List<Problem> more = new ArrayList<>();
    findings.errors().forEach(error -> more.add(sources.problem(Severity.ERROR, error)));
    findings.warnings().forEach(warning -> more.add(sources.problem(Severity.WARNING, warning)));
    more.removeIf(problem -> problems.covers(problem.path()));
    more.forEach(problems::add);
  }

  /** Moves routes without a match to the end, where {@link ProxyConfig} has them. */
  private static Mapping fallbackLast(Mapping document) {
    Entry routes = document.entries().get("routes");
    if (routes == null || !(routes.value() instanceof Sequence sequence)) {
      return document;
    }
    List<Yaml> ordered = new ArrayList<>(sequence.items());
    ordered.removeIf(ConfigLoader::isFallback);
    sequence.items().stream().filter(ConfigLoader::isFallback).forEach(ordered::add);
    SequencedMap<String, Entry> entries = new LinkedHashMap<>(document.entries());
    entries.put("routes", new Entry(routes.keyAt(), new Sequence(sequence.at(), ordered)));
    return new Mapping(document.at(), entries);
  }

  private static boolean isFallback(Yaml route) {
    return route instanceof Mapping mapping && !mapping.entries().containsKey("match");
  }
}
