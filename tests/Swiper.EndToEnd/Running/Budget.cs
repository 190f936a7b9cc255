using System.Globalization;

// Each test has a server of its own that wants the whole machine; two at once would only wait for each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Swiper.EndToEnd.Running;

/// <summary>How much the long tests do: little by default, as much as wanted by an environment variable.</summary>
internal static class Budget
{
    public static int Of(string variable, int small) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            && asked > 0 ? asked : small;
}
