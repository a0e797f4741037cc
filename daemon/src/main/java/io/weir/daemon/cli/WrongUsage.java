package io.weir.daemon.cli;

import io.weir.firewall.problem.NearestName;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the words of its author rather than of the parser. */
public final class WrongUsage {
  private static final String CONFIG = "-c";
  private static final String IN_GROUP = "Error: Missing required argument(s): ";
  private static final String ONE_OF = "Error: Missing required argument (specify one of these): ";
  private static final String NO_VALUE = "Missing required parameter for option";
  private static final String TOO_MANY = "expected only one match but got ";
  private static final String EXCLUSIVE = " are mutually exclusive (specify only one)";

  private WrongUsage() {}

  /** One line. */
  public static String inWords(ParameterException wrong) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    ArgSpec argument = wrong.getArgSpec();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unmatched(command, unmatched.getUnmatched().getFirst());
    }
    if (wrong instanceof MissingParameterException missing) {
      return missing(missing);
    }
    if (argument != null && wrong.getValue() != null && expected(argument) != null) {
      return name(argument)
          + ": \""
          + wrong.getValue()
          + "\" (expected: "
          + expected(argument)
          + ")";
    }
    String message = String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", "");
    int values = message.indexOf("={");
    return message.startsWith(TOO_MANY) && values > 0
        ? "only one of these: " + message.substring(TOO_MANY.length(), values)
        : message.replace(EXCLUSIVE, ": one of them, not both");
  }

  private static String unmatched(CommandSpec command, String word) {
    if (word.startsWith("-") && word.length() > 1) {
      List<String> options =
          command.options().stream().flatMap(option -> Arrays.stream(option.names())).toList();
      return "there is no option \"" + word + '"' + meant(word, options);
    }
    if (!command.subcommands().isEmpty()) {
      return "there is no command \"" + word + '"' + meant(word, command.subcommands().keySet());
    }
    String tooMany = command.qualifiedName() + " takes no \"" + word + '"';
    return command.findOption(CONFIG) == null
        ? tooMany
        : tooMany + "; a file is named with -c: " + command.qualifiedName() + " -c " + word;
  }

  private static String meant(String word, Collection<String> known) {
    String hint = NearestName.hint(word, known);
    return hint == null ? "" : ": " + hint;
  }

  /** Of groups of options the parser tells what is missing by its text alone. */
  private static String missing(MissingParameterException missing) {
    String message = String.valueOf(missing.getMessage());
    if (message.startsWith(IN_GROUP)) {
      String names = message.substring(IN_GROUP.length()).replaceAll("=[^ ,]*", "");
      return names + (names.contains(",") ? " are missing" : " is missing");
    }
    if (message.startsWith(ONE_OF)) {
      return "one of these is missing: " + message.substring(ONE_OF.length());
    }
    ArgSpec first = missing.getMissing().getFirst();
    return message.startsWith(NO_VALUE)
        ? name(first) + " needs a value: " + first.paramLabel()
        : name(first) + " is missing";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static @Nullable String expected(ArgSpec argument) {
    if (argument.type() == int.class) {
      return "a whole number";
    }
    if (!argument.type().isEnum()) {
      return null; // its converter says it
    }
    return Arrays.stream(argument.type().getEnumConstants())
        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" | "));
  }
}
