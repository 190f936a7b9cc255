namespace Swiper.Host.Options;

/// <summary>
/// `Logging:LogLevel:CATEGORY=LEVEL`, the one setting that is not Swiper's own: what is logged. The logger reads it itself, and would
/// throw at a level that it does not know.
/// </summary>
internal static class LogLevels
{
    private const string Section = "Logging:LogLevel";

    public static bool IsOne(string key) => key.StartsWith($"{Section}:", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<string> Problems(IConfiguration configuration) => configuration.GetSection(Section).GetChildren()
        .Where(level => !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var known) || !Enum.IsDefined(known))
        .Select(level => $"{level.Path}: '{level.Value}' is not one of {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}");
}
