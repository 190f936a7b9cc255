using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Swiper.Core.Accounts;
using Swiper.Host;
using Swiper.Local;
using Swiper.Local.Robots;
using Swiper.Local.Services;
using Swiper.Storage;

namespace Swiper.Tools.Robots;

/// <summary>`./swiper robots`: creates users for load tests and for clients in any language.</summary>
internal static class RobotsCommand
{
    // Half the circumference of the earth.
    private const double LargestRadiusKm = 20_000;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "number of users", Required = true, HelpName = "N" }.AtLeast(1);
        var data = new Option<string>("--data")
        {
            Description = "data folder; no host may be running on it (that of ./swiper run)", HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine(Repository.Root ?? "", "data"),
        };
        var cluster = new Option<bool>("--cluster")
        {
            Description = "fill the cluster of Cluster:Shards:0, ... and Cluster:Redis instead; hosts may be running",
        };
        var settings = SettingOption.Create("any other option of a host");
        var tokens = new Option<FileInfo?>("--tokens")
        {
            Description = "write the tokens to a file, one per line, readable by its owner only (standard output)",
            HelpName = "FILE",
        };
        var lat = Number("--lat", "DEGREES", "latitude of the town they live in (52.52)", 52.52).Within(-90, 90);
        var lon = Number("--lon", "DEGREES", "longitude of the town (13.405)", 13.405).Within(-180, 180);
        var radius = Number("--radius", "KM", "radius of the town (10)", 10.0).Within(0, LargestRadiusKm);
        var shards = Number("--shards", "N", "shards of a new folder (4)", 4).AnyNumber();
        var seed = Number("--seed", "N", "the same seed creates the same profiles (1)", 1).AnyNumber();

        var command = new Command(
            "robots", "Fills a data folder or a cluster with users, and prints a token for each that `resume` accepts.")
        {
            count, data, cluster, settings, tokens, lat, lon, radius, shards, seed,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var town = new RobotTown(parsed.GetValue(lat), parsed.GetValue(lon), parsed.GetValue(radius), parsed.GetValue(seed));
            string[] engineSettings = parsed.GetValue(cluster)
                ? ["Storage:Engine=cluster"]
                : ["Storage:Engine=embedded", $"Storage:Data={parsed.GetValue(data)}", $"Storage:Shards={parsed.GetValue(shards)}"];
            StreamWriter? output = null;
            if (parsed.GetValue(tokens) is { } file && !OutputFile.TryCreate(file.FullName, isSecret: true, out output, out var problem))
                return ToolCommand.Refuse($"{tokens.Name}: {problem}");
            try
            {
                await using var written = output;
                // Created users are not read again, so a small cache is enough.
                await using var store = RobotStore.Compose(
                    [.. engineSettings, "Storage:CachedProfiles=100", ClusterSettings.LongDeadline, .. parsed.GetValue(settings) ?? []],
                    heedEnvironment: true);
                var engine = store.GetRequiredService<IStorageEngine>();
                await engine.StartAsync(cancellationToken);
                var issuer = store.GetRequiredService<ITokens>();
                await foreach (var uid in RobotFactory.MakeAsync(engine, parsed.GetValue(count), town, cancellationToken))
                    await (output ?? Console.Out).WriteLineAsync(issuer.Issue(uid, out _));
                return 0;
            }
            catch (OptionsValidationException wrong)
            {
                return ToolCommand.RefuseSettings(wrong.Failures);
            }
            catch (Exception exception) when (StartFailure.Explain(exception) is { } reason)
            {
                await Console.Error.WriteLineAsync($"swiper: {reason}");
                return 1;
            }
        });
        return command;
    }

    private static Option<T> Number<T>(string name, string helpName, string description, T value) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
}
