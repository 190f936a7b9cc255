using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Numerics;
using Swiper.Load.Profiles;
using Swiper.Load.Scenarios;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.Load.Commands;

/// <summary>The command-line options, and the request they parse to.</summary>
internal sealed class LoadOptions
{
    private readonly Argument<string?> _scenario = new("NAME")
    {
        Description = "the scenario; --list shows all",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _list = new("--list") { Description = "list scenarios and profiles" };
    private readonly Option<string> _profile = new("--profile")
    {
        Description = "smoke, steady, stress, soak or a file: load, duration and thresholds",
        DefaultValueFactory = _ => "smoke",
        HelpName = "NAME",
    };

    private readonly Option<string?> _duration = new("--duration") { Description = "measured seconds", HelpName = "S" };
    private readonly Option<string?> _warmUp = new("--warm-up")
    {
        Description = "seconds of load before the measured part",
        HelpName = "S",
    };
    private readonly Option<string?> _connections = new("--connections")
    {
        Description = "connections of all processes together",
        HelpName = "N",
    };
    private readonly Option<string?> _inFlight = new("--in-flight") { Description = "requests in flight per connection", HelpName = "N" };
    private readonly Option<string?> _rate = new("--rate")
    {
        Description = "requests per second at fixed times (open loop); 0 waits for replies (closed loop)",
        HelpName = "R",
    };
    private readonly Option<string?> _processes = new("--processes")
    {
        Description = "runner processes, for when one core is not enough",
        HelpName = "N",
    };
    private readonly Option<string?> _robots = new("--robots")
    {
        Description = "users to create on the private host",
        HelpName = "N",
    };
    private readonly Option<string?> _report = new("--report")
    {
        Description = "report folder (a new one in load-results)",
        HelpName = "FOLDER",
    };
    private readonly Option<bool> _cluster = new("--cluster")
    {
        Description = "run the private host on private MySQL shards and Redis",
    };
    private readonly Option<string?> _host = new("--host")
    {
        Description = "Swiper.Host.dll or a published host (the one beside this program)",
        HelpName = "PATH",
    };
    private readonly Option<string?> _server = new("--server") { Description = "use a running server", HelpName = "HOST:PORT" };
    private readonly Option<bool> _tls = new("--tls") { Description = "with --server: use TLS and accept any certificate" };
    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = "with --server: tokens of its users, as printed by ./swiper robots",
        HelpName = "FILE",
    };
    private readonly Option<string?> _outbox = new("--outbox")
    {
        Description = "with --server: its data folder, for scenarios that read codes",
        HelpName = "FOLDER",
    };

    public IEnumerable<Symbol> All =>
    [
        _scenario, _list, _profile, _duration, _warmUp, _connections, _inFlight, _rate, _processes, _robots, _report, _cluster, _host,
        _server, _tls, _tokens, _outbox,
    ];

    public bool AsksForList(ParseResult parsed) => parsed.GetValue(_list);

    /// <summary>The request, or null if an option is invalid.</summary>
    /// <param name="problems">Receives one line per problem.</param>
    public LoadRequest? Read(ParseResult parsed, ICollection<string> problems)
    {
        var scenario = FindScenario(parsed.GetValue(_scenario), problems);
        var profile = ReadProfile(parsed.GetValue(_profile)!, problems);
        var endPoint = ReadEndPoint(parsed.GetValue(_server), problems);
        var tokens = ReadTokens(parsed.GetValue(_tokens), problems);
        var outbox = parsed.GetValue(_outbox);
        if (outbox is not null && !Directory.Exists(outbox))
            problems.Add($"--outbox: folder '{outbox}' does not exist");
        CheckPlaces(parsed, problems);
        var overrides = Overrides(parsed, problems);
        if (scenario is null || profile is null)
            return null;

        var settings = profile.For(scenario, overrides);
        foreach (var problem in settings.Problems(scenario))
            problems.Add($"{Whose(problem.Field, parsed, profile)}: {problem.What}");
        if (parsed.GetValue(_server) is not null)
        {
            if (scenario.Demands.Codes && outbox is null)
                problems.Add($"{scenario.Name} reads login codes: --server needs --outbox, the data folder of a host in Development");
            if (scenario.Demands.Tokens && parsed.GetValue(_tokens) is null)
                problems.Add($"{scenario.Name} signs users in: --server needs --tokens");
            else if (scenario.Demands.Tokens && tokens.Count < settings.Connections)
                problems.Add(
                    $"--tokens: {tokens.Count} tokens for {settings.Connections} connections; each connection needs its own");
        }
        return problems.Count > 0 ? null : new LoadRequest
        {
            Scenario = scenario,
            Profile = profile.Name,
            Settings = settings,
            Server = endPoint,
            UseTls = parsed.GetValue(_tls),
            Tokens = tokens,
            OutboxFolder = outbox,
            HostProgram = parsed.GetValue(_host) ?? HostPlan.BesideThisProgram,
            OnCluster = parsed.GetValue(_cluster),
            ReportFolder = parsed.GetValue(_report) ?? DefaultFolder(scenario, profile),
        };
    }

    private static Scenario? FindScenario(string? name, ICollection<string> problems)
    {
        if (name is null)
        {
            problems.Add("no scenario given; --list shows them");
            return null;
        }
        var scenario = ScenarioCatalog.Find(name);
        if (scenario is null)
            problems.Add($"unknown scenario '{name}'; the scenarios are {string.Join(", ", ScenarioCatalog.All.Select(one => one.Name))}");
        return scenario;
    }

    private static LoadProfile? ReadProfile(string name, ICollection<string> problems)
    {
        try
        {
            return LoadProfile.Read(name);
        }
        catch (ProfileException exception)
        {
            problems.Add($"--profile: {exception.Message}");
            return null;
        }
    }

    private static DnsEndPoint? ReadEndPoint(string? text, ICollection<string> problems)
    {
        if (text is null)
            return null;
        var colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535)
            return new DnsEndPoint(text[..colon].Trim('[', ']'), port);
        problems.Add($"--server: '{text}' is not HOST:PORT");
        return null;
    }

    private static IReadOnlyList<string> ReadTokens(string? file, ICollection<string> problems)
    {
        if (file is null)
            return [];
        try
        {
            return [.. File.ReadLines(file).Where(line => line.Length > 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"--tokens: {exception.Message}");
            return [];
        }
    }

    private static string DefaultFolder(Scenario scenario, LoadProfile profile) => Path.Combine(
        Repository.Root ?? Environment.CurrentDirectory, "load-results",
        string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}-{profile.Name}-{DateTime.Now:yyyyMMdd-HHmmss}"));

    private void CheckPlaces(ParseResult parsed, ICollection<string> problems)
    {
        var onServer = parsed.GetValue(_server) is not null;
        foreach (var option in (Option[])[_tls, _tokens, _outbox])
        {
            if (!onServer && IsGiven(option, parsed))
                problems.Add($"{option.Name} needs --server");
        }
        foreach (var option in (Option[])[_cluster, _host, _robots])
        {
            if (onServer && IsGiven(option, parsed))
                problems.Add($"{option.Name} applies to the private host and can't be combined with --server");
        }
    }

    private SettingsPart Overrides(ParseResult parsed, ICollection<string> problems)
    {
        return new SettingsPart
        {
            DurationSeconds = Number<double>(_duration),
            WarmUpSeconds = Number<double>(_warmUp),
            Connections = Number<int>(_connections),
            InFlight = Number<int>(_inFlight),
            Rate = Number<double>(_rate),
            Processes = Number<int>(_processes),
            Robots = Number<int>(_robots),
        };

        // Parsed here rather than by System.CommandLine, which would then report nothing else.
        T? Number<T>(Option<string?> option)
            where T : struct, INumber<T>
        {
            if (parsed.GetValue(option) is not { } text)
                return null;
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return number;
            problems.Add($"{option.Name}: '{text}' is not a {(typeof(T) == typeof(int) ? "whole " : "")}number");
            return null;
        }
    }

    // Names the source of the value: the option, or the profile's field.
    private string Whose(string field, ParseResult parsed, LoadProfile profile)
    {
        Option? option = field switch
        {
            "durationSeconds" => _duration,
            "warmUpSeconds" => _warmUp,
            "connections" => _connections,
            "inFlight" => _inFlight,
            "rate" => _rate,
            "processes" => _processes,
            "robots" => _robots,
            _ => null,
        };
        return option is not null && IsGiven(option, parsed) ? option.Name : $"profile {profile.Name}: {field}";
    }

    private static bool IsGiven(Option option, ParseResult parsed) => parsed.GetResult(option) is { Implicit: false };
}
