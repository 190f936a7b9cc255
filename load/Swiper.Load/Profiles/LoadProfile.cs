using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Profiles;

/// <summary>A profile file: how hard and how long, for any scenario, and what must hold then.</summary>
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

    /// <summary>The file's name without its ending.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>One line for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>For every scenario that says nothing else.</summary>
    public SettingsPart Default { get; init; } = new();

    /// <summary>By the scenario's name; what they leave out is as in <see cref="Default"/>.</summary>
    public IReadOnlyDictionary<string, SettingsPart> Scenarios { get; init; } = new Dictionary<string, SettingsPart>();

    /// <summary>Those that come with the runner, beside its program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "profiles");

    /// <summary>The names of those.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <param name="nameOrFile">One of those in <see cref="Folder"/>, or the path of another file.</param>
    /// <exception cref="ProfileException">It can't be read; the message names file and field.</exception>
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
            throw new ProfileException($"no profile '{nameOrFile}': there are {string.Join(", ", Names())}, or name a file");
        }
    }

    /// <inheritdoc cref="Read"/>
    internal static LoadProfile Parse(string json, string file)
    {
        LoadProfile profile;
        try
        {
            profile = JsonSerializer.Deserialize<LoadProfile>(json, Strict) ?? throw new ProfileException($"{file}: null is no profile");
        }
        catch (JsonException exception)
        {
            throw new ProfileException($"{file}: {Explain(exception)}");
        }
        var unknown = profile.Scenarios.Keys.Where(name => ScenarioCatalog.Find(name) is null).ToList();
        return unknown.Count == 0
            ? profile with { Name = Path.GetFileNameWithoutExtension(file) }
            : throw new ProfileException($"{file}: scenarios.{unknown[0]}: no such scenario");
    }

    /// <summary>The settings of a scenario.</summary>
    /// <param name="overrides">What the command line says; it counts more.</param>
    public LoadSettings For(Scenario scenario, SettingsPart overrides) =>
        overrides.Over((Scenarios.GetValueOrDefault(scenario.Name) ?? new SettingsPart()).Over(Default)).Complete();

    private static string Explain(JsonException exception)
    {
        var at = exception.LineNumber is { } line ? $"line {line + 1}" : "somewhere";
        var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? $"{path} ({at})" : at;
        // The parser speaks of .NET types in the first case and of the path in all; neither helps who writes a profile.
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"{field}: no such field";
        var message = exception.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0];
        return message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"{field}: a value of another kind is expected"
            : $"{field}: {message}";
    }
}
