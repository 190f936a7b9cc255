using System.Globalization;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Swiper.Client;
using Swiper.Load.Commands;
using Swiper.Load.Formatting;
using Swiper.Load.Running;

namespace Swiper.Load.NBomber;

/// <summary>
/// Runs a scenario with NBomber in this process, with NBomber's load simulations, steps, console and reports. Only the thresholds on
/// status codes are evaluated, warm-up included; the others are left to the reader of the reports.
/// </summary>
internal sealed class NBomberLoadRunner : ILoadRunner
{
    private long _expected;
    private long _unexpected;

    public async Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop)
    {
        // Connect before NBomber starts, so that an unreachable server is a one-line error rather than a failed test.
        await using var users = await ConnectAsync(plan with { Settings = plan.Settings with { Processes = 1 } }, stop);
        using var over = new CancellationTokenSource();
        try
        {
            // NBomber blocks the calling thread and can't be cancelled.
            await Task.Factory
                .StartNew(() => Run(plan, users, reportFolder, over.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)
                .WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new LoadException("interrupted; NBomber writes no report for a partial run");
        }
        finally
        {
            await over.CancelAsync();
        }
        return Passed(plan) ? ExitCode.Passed : ExitCode.ThresholdMissed;
    }

    private static async Task<ConnectedUsers> ConnectAsync(LoadPlan plan, CancellationToken stop)
    {
        try
        {
            return await ConnectedUsers.ConnectAsync(plan.Scenario.Begin(plan.Shares()[0].ToTarget()), plan.Settings, stop);
        }
        catch (Exception exception) when (exception is SwiperException or SwiperConnectionException)
        {
            throw new LoadException(exception.Message);
        }
    }

    private void Run(LoadPlan plan, ConnectedUsers users, string reportFolder, CancellationToken over)
    {
        var settings = plan.Settings;
        var load = Scenario.Create(plan.Scenario.Name, async context =>
        {
            var user = await users.TakeAsync(over);
            try
            {
                var step = await user.NextAsync(over);
                return await Step.Run(plan.Scenario.Steps[step], context, async () =>
                {
                    var outcome = await user.RunAsync(step);
                    var code = outcome.Code.ToString(CultureInfo.InvariantCulture);
                    if (plan.Scenario.IsExpected(outcome.Code))
                    {
                        Interlocked.Increment(ref _expected);
                        return Response.Ok(statusCode: code, sizeBytes: outcome.Bytes);
                    }
                    Interlocked.Increment(ref _unexpected);
                    return Response.Fail(statusCode: code, message: CodeText.Of(outcome.Code));
                });
            }
            finally
            {
                users.GiveBack(user);
            }
        }).WithLoadSimulations(LoadSimulations.Of(settings));

        // A ramp-up replaces the warm-up.
        load = settings is { WarmUpSeconds: > 0, RampUpSeconds: 0 }
            ? load.WithWarmUpDuration(TimeSpan.FromSeconds(settings.WarmUpSeconds))
            : load.WithoutWarmUp();
        NBomberRunner.RegisterScenarios(load)
            .WithTestSuite("swiper")
            .WithTestName($"{plan.Scenario.Name}-{plan.Profile}")
            .WithReportFolder(reportFolder)
            .WithReportFormats(ReportFormat.Html, ReportFormat.Csv, ReportFormat.Md)
            .Run();
    }

    private bool Passed(LoadPlan plan)
    {
        var (expected, unexpected, thresholds) =
            (Interlocked.Read(ref _expected), Interlocked.Read(ref _unexpected), plan.Settings.Thresholds);
        return expected > 0
            && (thresholds.OnlyExpectedCodes != true || unexpected == 0)
            && (thresholds.MaxErrorShare is not { } share || unexpected <= share * (expected + unexpected));
    }
}
