using System.CommandLine;
using System.Diagnostics;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>`restart`: has a running host replaced by a new process, and returns when that serves.</summary>
internal static class RestartCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    // As long as the host waits for its successor: to be ready, and then to serve.
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(32);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Create() => new OperationsCommand(
        "restart", "Has a running host replaced by a new process, with the program and the options that are there now.")
        .Does(static async (_, host, cancellation) =>
        {
            var old = await host.PostAsync<object, ServingProcess>("restart", new object(), cancellation, ReadyPatience);
            var began = Stopwatch.GetTimestamp();
            while (await FindAsync(host, cancellation) is var found && found?.Id != old.Successor)
            {
                if (found is { Successor: null })
                {
                    throw new OperationFailedException(ExitCode.Refused,
                        $"process {old.Successor} failed to take over, and process {found.Id} serves again: see its log");
                }
                if (Stopwatch.GetElapsedTime(began) > Patience)
                    throw new OperationFailedException(ExitCode.NoHost, $"process {old.Successor} does not serve yet: see its log");
                await Task.Delay(LookEvery, cancellation);
            }
            Console.WriteLine($"process {old.Successor} serves in place of process {old.Id}");
        });

    // Between the two processes nobody answers.
    private static async Task<ServingProcess?> FindAsync(OperationsClient host, CancellationToken cancellation)
    {
        try
        {
            return await host.GetAsync<ServingProcess>("process", cancellation);
        }
        catch (OperationFailedException none) when (none.ExitCode == ExitCode.NoHost)
        {
            return null;
        }
    }
}
