using System.CommandLine;
using System.Globalization;
using Swiper.Storage.Cluster;

namespace Swiper.Host;

/// <summary>`rebuild` and `drift`: maintenance of a cluster's index while its hosts keep serving.</summary>
internal static class MaintenanceCommands
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    public static Command Rebuild(Option<string> environment, Option<string[]> settings)
    {
        var user = new Option<long?>("--user") { Description = "only the group of this user, 1 of 64", HelpName = "UID" }.AnyNumber();
        var rate = new Option<int>("--rate")
        {
            Description = "maximum number of swipes read per second; each is read from both sides", HelpName = "N",
            DefaultValueFactory = _ => IndexMaintenance.DefaultRowsASecond,
        }.AtLeast(1);
        var command = new Command("rebuild", "Rebuilds the index in Redis from the shards while hosts keep serving.") { user, rate,
            environment, settings };
        command.SetAction((parsed, cancellation) => HostProcess.RunMaintenanceAsync(
            new HostArguments(parsed.GetRequiredValue(environment), parsed.GetValue(settings) ?? []),
            async maintenance =>
            {
                var progress = new ProgressLine(ProgressEvery);
                var rebuilt = await maintenance.RebuildAsync(
                    parsed.GetValue(user), parsed.GetValue(rate), (users, swipes) =>
                        progress.Tell($"{Text(users)} users, {Text(swipes)} swipes read"), cancellation);
                var wanted = parsed.GetValue(user) is null ? "64" : "1";
                Console.WriteLine($"{rebuilt} of {wanted} groups of the index rebuilt");
                return rebuilt.ToString(CultureInfo.InvariantCulture) == wanted ? ExitCode.Ok : ExitCode.CannotStart;
            }));
        return command;
    }

    public static Command Drift(Option<string> environment, Option<string[]> settings)
    {
        var every = new Option<int>("--every")
        {
            Description = "a sample: every N-th user; 1 compares all", HelpName = "N",
            DefaultValueFactory = _ => 1
        }.AtLeast(1);
        var rate = new Option<int>("--rate")
        {
            Description = "maximum number of users compared per second", HelpName = "N", DefaultValueFactory = _ =>
            2000
        }.AtLeast(1);
        var fix = new Option<bool>("--fix") { Description = "rebuild the groups that differ" };
        var command = new Command("drift",
            "Compares the index in Redis with the shards exactly while hosts keep serving. Exit code 3 if they differ.")
        {
            every, rate, fix, environment, settings,
        };
        command.SetAction((parsed, cancellation) => HostProcess.RunMaintenanceAsync(
            new HostArguments(parsed.GetRequiredValue(environment), parsed.GetValue(settings) ?? []),
            async maintenance =>
            {
                var progress = new ProgressLine(ProgressEvery);
                var differences = 0L;
                var comparison = await maintenance.CompareAsync(
                    parsed.GetValue(every), parsed.GetValue(rate), parsed.GetValue(fix),
                    drift =>
                    {
                        differences++;
                        Console.WriteLine($"{drift.Uid} {drift.What}: truth {drift.Truth}; index {drift.Index}");
                    },
                    compared => progress.Tell($"{Text(compared)} users compared"),
                    cancellation);
                Console.WriteLine(
                    $"{Text(comparison.Compared)} users compared, {Text(differences)} differences"
                    + (comparison.Untrusted > 0 ? $"; {Text(comparison.Untrusted)} more are in groups that are being rebuilt" : "")
                    + (comparison.Mended
                        ? "; mended"
                        : differences > 0 && parsed.GetValue(fix)
                        ? "; not all of it could be repaired, because another process is repairing it" : ""));
                if (differences > 0)
                    return comparison.Mended ? ExitCode.Ok : ExitCode.Differs;
                return comparison is { Compared: 0, Untrusted: > 0 } ? ExitCode.CannotStart : ExitCode.Ok;
            }));
        return command;
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
