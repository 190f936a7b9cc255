using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Local;
using Swiper.Local.Robots;
using Swiper.Local.Services;
using Swiper.Storage;

namespace Swiper.Tools.Robots;

/// <summary>`./swiper robots`: people for load tests and for clients in any language.</summary>
internal static class RobotsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "how many people", Required = true, HelpName = "N" };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--count: at least 1");
        });
        var data = new Option<string>("--data") { Description = "the folder of a host that is not running", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        var cluster = new Option<bool>("--cluster") { Description = "fill the cluster of Cluster:Shards:0, ... and Cluster:Redis instead, on which hosts may run" };
        var settings = new Option<string[]>("--set") { Description = "any other option of a host", HelpName = "KEY=VALUE" };
        var tokens = new Option<FileInfo?>("--tokens") { Description = "file for their tokens, one a line; else they are printed", HelpName = "FILE" };
        var lat = new Option<double>("--lat") { Description = "where they live", DefaultValueFactory = _ => 52.52 };
        var lon = new Option<double>("--lon") { Description = "where they live", DefaultValueFactory = _ => 13.405 };
        var radius = new Option<double>("--radius") { Description = "kilometres around it", DefaultValueFactory = _ => 10, HelpName = "KM" };
        var shards = new Option<int>("--shards") { Description = "of a new folder", DefaultValueFactory = _ => 4, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "the same number makes people of the same looks", DefaultValueFactory = _ => 1, HelpName = "N" };

        var command = new Command("robots", "Fills a data folder or a cluster with people, ready to sign in: `resume` with a token does.")
        {
            count, data, cluster, settings, tokens, lat, lon, radius, shards, seed,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var town = new RobotTown(parsed.GetValue(lat), parsed.GetValue(lon), parsed.GetValue(radius), parsed.GetValue(seed));
            string[] engineSettings = parsed.GetValue(cluster)
                ? ["Storage:Engine=cluster"]
                : ["Storage:Engine=embedded", $"Storage:Data={parsed.GetValue(data)}", $"Storage:Shards={parsed.GetValue(shards)}"];
            try
            {
                await using var output = parsed.GetValue(tokens) is { } file ? new StreamWriter(file.FullName) : null;
                // Whoever is made here is not asked for again.
                await using var store = RobotStore.Compose(
                    [.. engineSettings, "Storage:CachedProfiles=100", ClusterSettings.LongDeadline, .. parsed.GetValue(settings) ?? []], heedEnvironment: true);
                var engine = store.GetRequiredService<IStorageEngine>();
                await engine.StartAsync(cancellationToken);
                var issuer = store.GetRequiredService<ITokens>();
                await foreach (var uid in RobotFactory.MakeAsync(engine, parsed.GetValue(count), town, cancellationToken))
                    await (output ?? Console.Out).WriteLineAsync(issuer.Issue(uid, out _));
                return 0;
            }
            catch (OptionsValidationException wrong)
            {
                return ToolCommand.Refuse(wrong.Failures);
            }
            catch (Exception exception) when (exception is StorageStartException or StoreUnavailableException)
            {
                await Console.Error.WriteLineAsync($"swiper: {exception.Message}");
                return 1;
            }
        });
        return command;
    }
}
