using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class DailyUsageMapping : IEntityTypeConfiguration<DailyUsage>
{
    public void Configure(EntityTypeBuilder<DailyUsage> builder)
    {
        builder.ToTable("usage_day_sums");
        builder.HasKey(sum => new { sum.Grouping, sum.Day, sum.Group, sum.Archived }).HasName("pk_usage_day_sums");
        builder.Property(sum => sum.Grouping).HasColumnName("grouping");
        builder.Property(sum => sum.Day).HasColumnName("day");
        builder.Property(sum => sum.Group).HasColumnName("group_name").HasMaxLength(StoredText.NameLength);
        builder.Property(sum => sum.Archived).HasColumnName("archived");
        builder.Property(sum => sum.Requests).HasColumnName("requests");
        builder.Property(sum => sum.PromptTokens).HasColumnName("prompt_tokens");
        builder.Property(sum => sum.CompletionTokens).HasColumnName("completion_tokens");
        builder.Property(sum => sum.CostNanoUsd).HasColumnName("cost_nano_usd");
        builder.Property(sum => sum.Errors).HasColumnName("errors");
        builder.Property(sum => sum.Answered).HasColumnName("answered");
        builder.Property(sum => sum.LatencyMs).HasColumnName("latency_ms");
    }
}
