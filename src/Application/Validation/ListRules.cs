using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Validation;

/// <summary>Rules of lists that are stored as words in one column.</summary>
internal static class ListRules
{
    /// <summary>Most characters of a list, with a blank between its words.</summary>
    public const int MaxLength = 2000;

    /// <summary>Names of models, or prefixes that end with <c>*</c>; or null.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreModelPatterns<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(list => list is not { Count: 0 }).WithMessage("must hold at least one model, or be null to allow all")
        .Must(list => list is null || list.All(IsPattern))
        .WithMessage($"must hold names of models without blanks, 1 to {StorableText.NameLength} characters each; a * may only be the last character")
        .FitsItsColumn();

    /// <summary>Words of 1 to so many characters; or null.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreWords<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule, int maxLength) => rule
        .Must(list => list is null || list.All(word => IsWord(word, maxLength)))
        .WithMessage($"must hold words of 1 to {maxLength} characters, without blanks and control characters")
        .FitsItsColumn();

    /// <summary>Bounds the length of the whole list.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> FitsItsColumn<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(list => list is null || list.Sum(word => (word?.Length ?? 0) + 1) <= MaxLength + 1)
        .WithMessage($"must be at most {MaxLength} characters, with a blank between the entries");

    private static bool IsPattern(string? pattern) =>
        IsWord(pattern, StorableText.NameLength) && pattern!.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == pattern.Length - 1);

    private static bool IsWord(string? word, int maxLength) =>
        word is { Length: > 0 } && word.Length <= maxLength && StorableText.IsStorable(word) && !word.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));
}
