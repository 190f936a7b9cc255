namespace Swiper.Host;

/// <summary>What the process ends with, after sysexits.h where there is a number for it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server could not start; one line on standard error says why.</summary>
    public const int CannotStart = 1;

    /// <summary>The index differs from the truth.</summary>
    public const int Differs = 2;

    /// <summary>EX_CONFIG: options are wrong; standard error lists all of them.</summary>
    public const int WrongOptions = 78;
}
