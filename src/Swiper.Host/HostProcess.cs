using Microsoft.Extensions.Options;

namespace Swiper.Host;

/// <summary>Runs the server until it is told to stop, and turns every way to fail into one clear line and an exit code.</summary>
internal static class HostProcess
{
    public static async Task<int> RunAsync(HostArguments arguments)
    {
        try
        {
            await using var app = Composition.Build(arguments);
            await app.RunAsync();
            return ExitCode.Ok;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var problem in wrong.Failures)
                await Console.Error.WriteLineAsync($"swiper: {problem}");
            return ExitCode.WrongOptions;
        }
        catch (Exception exception) when (StartFailure.Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"swiper: {reason}");
            return ExitCode.CannotStart;
        }
    }
}
