using FluentValidation;

namespace AiGateway.Application;

/// <summary>One page of a list.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Next">Where the next page begins; null: this is the last one.</param>
public sealed record Page<TItem, TCursor>(IReadOnlyList<TItem> Items, TCursor? Next);

/// <summary>Builds pages.</summary>
internal static class Page
{
    public const int MaxSize = 200;

    /// <summary>A page from a read of one item more than the page holds.</summary>
    public static Page<TItem, TCursor> Of<TItem, TCursor>(IReadOnlyList<TItem> read, int size, Func<TItem, TCursor> cursorOf) =>
        read.Count <= size ? new(read, default) : new([.. read.Take(size)], cursorOf(read[size - 1]));

    public static IRuleBuilderOptions<T, int> IsPageSize<T>(this IRuleBuilder<T, int> rule) =>
        rule.InclusiveBetween(1, MaxSize).WithMessage($"must be between 1 and {MaxSize}");
}
