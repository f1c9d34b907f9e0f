using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Validation;

/// <summary>Rules that many requests share.</summary>
internal static class TextRules
{
    /// <summary>Refuses text that a database or provider cannot store: NUL and half a surrogate pair.</summary>
    public static IRuleBuilderOptions<T, string?> IsStorableText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || StorableText.IsStorable(text))
            .WithMessage("must not hold NUL characters or unpaired surrogates");

    /// <summary>
    /// A short text that is not blank and has no control characters, such as line breaks and escape sequences, which a
    /// terminal would execute. Null is left to the rule for required members.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> IsName<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.Must(text => text is null || (text.Length <= maxLength && !string.IsNullOrWhiteSpace(text) && IsPrintable(text)))
            .WithMessage($"must be 1 to {maxLength} characters, not blank, without control characters");

    /// <summary>A later instant than now, or null.</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> IsInTheFuture<T>(this IRuleBuilder<T, DateTimeOffset?> rule, TimeProvider time) =>
        rule.Must(instant => instant is null || instant > time.GetUtcNow()).WithMessage("must be in the future");

    /// <summary>A finite number in a closed range, or null.</summary>
    public static IRuleBuilderOptions<T, double?> IsWithin<T>(this IRuleBuilder<T, double?> rule, double low, double high) =>
        rule.Must(number => number is null || (number >= low && number <= high))
            .WithMessage($"must be between {low} and {high}");

    // The two ranges of control characters.
    private static bool IsPrintable(string text) =>
        !text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F') && StorableText.IsStorable(text);
}
