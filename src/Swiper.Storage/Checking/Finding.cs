namespace Swiper.Storage.Checking;

/// <summary>What a look at a part of the system has found, for the operator.</summary>
/// <param name="Verdict">Whether something is to be done.</param>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="Text">What is so, and where it is not well what to do; one line.</param>
public sealed record Finding(Verdict Verdict, string Subject, string Text)
{
    public static Finding Ok(string subject, string text) => new(Verdict.Ok, subject, text);

    public static Finding Warning(string subject, string text) => new(Verdict.Warning, subject, text);

    public static Finding Problem(string subject, string text) => new(Verdict.Problem, subject, text);

    /// <summary>Ok, or what is to be done about it.</summary>
    public static Finding Of(string subject, bool isWell, string what, string otherwise, Verdict verdict = Verdict.Problem) =>
        isWell ? Ok(subject, what) : new Finding(verdict, subject, $"{what}: {otherwise}");
}

/// <summary>How much a finding matters.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but not as well, or not for long.</summary>
    Warning,

    /// <summary>It does not work, or what users were told can be lost.</summary>
    Problem,
}
