using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Profiles;

/// <summary>A profile is invalid; the message is one line that names file and field.</summary>
public sealed class ProfileException(string message) : Exception(message);

/// <summary>A profile file: load, duration and thresholds for any scenario.</summary>
public sealed record LoadProfile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The file's name without its extension.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>A one-line description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The settings of every scenario, unless overridden.</summary>
    public SettingsPart Default { get; init; } = new();

    /// <summary>Overrides by scenario name; omitted fields are inherited from <see cref="Default"/>.</summary>
    public IReadOnlyDictionary<string, SettingsPart> Scenarios { get; init; } = new Dictionary<string, SettingsPart>();

    /// <summary>The folder of the built-in profiles, beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "profiles");

    /// <summary>The names of the built-in profiles.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <param name="nameOrFile">A profile in <see cref="Folder"/>, or the path of a file.</param>
    /// <exception cref="ProfileException">The profile is invalid; the message names file and field.</exception>
    public static LoadProfile Read(string nameOrFile)
    {
        var known = Path.Combine(Folder, $"{nameOrFile}.json");
        var file = File.Exists(known) ? known : nameOrFile;
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProfileException($"unknown profile '{nameOrFile}'; use {string.Join(", ", Names())} or the path of a file");
        }
    }

    /// <inheritdoc cref="Read"/>
    internal static LoadProfile Parse(string json, string file)
    {
        LoadProfile profile;
        try
        {
            profile = JsonSerializer.Deserialize<LoadProfile>(json, Strict)
                ?? throw new ProfileException($"{file}: expected a profile, found null");
        }
        catch (JsonException exception)
        {
            throw new ProfileException($"{file}: {Explain(exception)}");
        }
        var unknown = profile.Scenarios.Keys.Where(name => ScenarioCatalog.Find(name) is null).ToList();
        return unknown.Count == 0
            ? profile with { Name = Path.GetFileNameWithoutExtension(file) }
            : throw new ProfileException($"{file}: scenarios.{unknown[0]}: unknown scenario");
    }

    /// <summary>The settings of a scenario.</summary>
    /// <param name="overrides">Settings of the command line, which take precedence.</param>
    public LoadSettings For(Scenario scenario, SettingsPart overrides) =>
        overrides.Over((Scenarios.GetValueOrDefault(scenario.Name) ?? new SettingsPart()).Over(Default)).Complete();

    private static string Explain(JsonException exception)
    {
        var at = exception.LineNumber is { } line ? $"line {line + 1}" : "unknown line";
        var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? $"{path} ({at})" : at;
        // The parser's messages mention .NET types and repeat the path, which does not help the author of a profile.
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"{field}: unknown field";
        var message = exception.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0];
        return message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"{field}: wrong type of value"
            : $"{field}: {message}";
    }
}
