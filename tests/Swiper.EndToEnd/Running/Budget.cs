using System.Globalization;

// Each test has a server of its own that wants the whole machine; two at once would only wait for each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Swiper.EndToEnd.Running;

/// <summary>How much the long tests do: little by default, as much as wanted by an environment variable.</summary>
internal static class Budget
{
    /// <summary>How long a test waits for something that has to come. Nothing takes so long unless it is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static int Of(string variable, int small) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            && asked > 0 ? asked : small;
}
