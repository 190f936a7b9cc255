using System.Globalization;

// Each test has servers of its own. Half of the time it waits for them, so that two at once are not too many for two cores.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

namespace Swiper.EndToEnd.Running;

/// <summary>How much the long tests do: little by default, as much as wanted by an environment variable.</summary>
internal static class Budget
{
    public static int Of(string variable, int small) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            && asked > 0 ? asked : small;
}
