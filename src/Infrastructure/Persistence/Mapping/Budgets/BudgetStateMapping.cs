using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class BudgetStateMapping : IEntityTypeConfiguration<BudgetState>
{
    public void Configure(EntityTypeBuilder<BudgetState> builder)
    {
        builder.ToTable("budget_state");
        builder.HasKey(state => state.Id).HasName("pk_budget_state");
        builder.Property(state => state.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(state => state.Epoch).HasColumnName("epoch");
        builder.Property(state => state.Budgets).HasColumnName("budgets");
        builder.Property(state => state.Rates).HasColumnName("rates").HasDefaultValue(0L);
        builder.HasData(new BudgetState { Id = BudgetState.OnlyId, Epoch = 0, Budgets = 0, Rates = 0 });
    }
}
