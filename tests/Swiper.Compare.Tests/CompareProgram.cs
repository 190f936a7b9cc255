using System.Diagnostics;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Compare.Tests;

/// <summary>Runs the built program as a user does.</summary>
internal static class CompareProgram
{
    public static ProcessStartInfo ToStart(params string[] options) =>
        new("dotnet", [Repository.ProgramOf("bench", "Swiper.Compare"), .. options]);

    public static Task<ProgramRun> RunAsync(params string[] options) => ProgramRun.OfAsync(ToStart(options));
}
