// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/covering_array.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace {

using Levels = std::vector<std::uint32_t>;
using Rows = std::vector<std::vector<std::uint32_t>>;

constexpr std::uint32_t kAny = ~std::uint32_t{0};  // a value that does not matter yet

// The combinations that the newest column must still meet: its values with the values of one or two
// earlier columns.
class Unmet {
 public:
  Unmet(const Levels& levels, std::size_t column, unsigned strength)
      : levels_(levels), own_(levels[column]) {
    for (std::size_t a = 0; a < column; a++) {
      if (strength == 2) {
        begin_group(a, a, levels[a]);
        continue;
      }
      for (std::size_t b = a + 1; b < column; b++)
        begin_group(a, b, std::size_t{levels[a]} * levels[b]);
    }
    unmet_.assign(size_, 1);
    left_ = size_;
  }

  std::size_t left() const { return left_; }
  // RETURNS: how many combinations the row would meet with this value in the newest column.
  std::size_t gain(const std::vector<std::uint32_t>& row, std::uint32_t value) const {
    std::size_t gain = 0;
    for (const Group& g : groups_)
      if (is_set(row, g)) gain += unmet_[index(row, g, value)];
    return gain;
  }
  void meet(const std::vector<std::uint32_t>& row, std::uint32_t value) {
    for (const Group& g : groups_) {
      if (!is_set(row, g)) continue;
      std::uint8_t& unmet = unmet_[index(row, g, value)];
      left_ -= unmet;
      unmet = 0;
    }
  }
  // Sets values of the row that do not matter yet, so that it meets more.  RETURNS: whether it set
  // any.
  bool use_gaps(std::vector<std::uint32_t>& row, std::uint32_t value) const {
    bool could = false;
    for (const Group& g : groups_) {
      if (is_set(row, g)) continue;
      for (std::size_t i = 0; i < g.size; i++) {
        if (unmet_[g.begin + i * own_ + value] == 0 || !fits(row, g, i)) continue;
        fill(row, g, i);
        could = true;
        break;
      }
    }
    return could;
  }
  // Calls visit(fits, fill, value) for each unmet combination: fits(row) returns whether the row
  // can hold its earlier columns, fill(row) sets them, and `value` is that of the newest column.
  template <class Visit>
  void for_each_left(Visit visit) {
    for (const Group& g : groups_)
      for (std::size_t i = 0; i < g.size; i++)
        for (std::uint32_t value = 0; value < own_; value++)
          if (unmet_[g.begin + i * own_ + value] != 0)
            visit([&](const auto& row) { return fits(row, g, i); },
                  [&](auto& row) { fill(row, g, i); }, value);
  }

 private:
  struct Group {
    std::size_t a, b;   // the earlier columns; the same if there is one
    std::size_t size;   // the number of combinations of their values
    std::size_t begin;  // the first one's index in unmet_
  };

  void begin_group(std::size_t a, std::size_t b, std::size_t size) {
    groups_.push_back({a, b, size, size_});
    size_ += size * own_;
  }
  static bool is_set(const std::vector<std::uint32_t>& row, const Group& g) {
    return row[g.a] != kAny && row[g.b] != kAny;
  }
  std::size_t index(const std::vector<std::uint32_t>& row, const Group& g,
                    std::uint32_t value) const {
    const std::size_t i = g.a == g.b ? row[g.a] : std::size_t{row[g.a]} * levels_[g.b] + row[g.b];
    return g.begin + i * own_ + value;
  }
  std::uint32_t value_of(const Group& g, std::size_t i, std::size_t column) const {
    if (g.a == g.b) return static_cast<std::uint32_t>(i);
    return static_cast<std::uint32_t>(column == g.a ? i / levels_[g.b] : i % levels_[g.b]);
  }
  bool fits(const std::vector<std::uint32_t>& row, const Group& g, std::size_t i) const {
    const auto may_be = [&](std::size_t column) {
      return row[column] == kAny || row[column] == value_of(g, i, column);
    };
    return may_be(g.a) && may_be(g.b);
  }
  void fill(std::vector<std::uint32_t>& row, const Group& g, std::size_t i) const {
    row[g.a] = value_of(g, i, g.a);
    row[g.b] = value_of(g, i, g.b);
  }

  const Levels& levels_;
  std::uint32_t own_;
  std::vector<Group> groups_;
  std::size_t size_ = 0, left_ = 0;
  std::vector<std::uint8_t> unmet_;
};

// REQUIRES: levels are sorted, largest first.
Rows add_column_by_column(const Levels& levels, unsigned strength, std::mt19937_64& random) {
  const std::size_t columns = levels.size();
  Rows rows = {std::vector<std::uint32_t>(columns, kAny)};
  for (std::size_t c = 0; c < std::min<std::size_t>(strength, columns); c++) {
    Rows longer;
    for (const auto& row : rows)
      for (std::uint32_t value = 0; value < levels[c]; value++) {
        longer.push_back(row);
        longer.back()[c] = value;
      }
    rows = std::move(longer);
  }
  for (std::size_t c = strength; c < columns; c++) {
    Unmet unmet(levels, c, strength);
    for (auto& row : rows) {
      std::uint32_t best = 0;
      std::size_t most = 0;
      std::uint64_t rank = 0;  // chooses among equally good values
      for (std::uint32_t value = 0; value < levels[c]; value++) {
        const std::size_t gain = unmet.gain(row, value);
        const std::uint64_t own_rank = random();
        if (gain < most || (gain == most && own_rank < rank)) continue;
        most = gain;
        best = value;
        rank = own_rank;
      }
      if (!unmet.use_gaps(row, best) && most == 0) continue;
      row[c] = best;
      unmet.meet(row, best);
    }
    unmet.for_each_left([&](auto fits, auto fill, std::uint32_t value) {
      for (std::size_t r = 0; r <= rows.size(); r++) {
        if (r == rows.size()) rows.emplace_back(columns, kAny);
        auto& row = rows[r];
        if ((row[c] != kAny && row[c] != value) || !fits(row)) continue;
        fill(row);
        row[c] = value;
        break;
      }
    });
  }
  for (auto& row : rows)
    for (std::size_t c = 0; c < columns; c++)
      if (row[c] == kAny) row[c] = static_cast<std::uint32_t>(random() % levels[c]);
  return rows;
}

// ---- row by row ---------------------------------------------------------------------------------

// For pairs: each row is the best of several that are built value by value (Cohen, Dalal, Fredman,
// Patton, "The AETG system", 1997).  Gives fewer rows than column by column, but takes more time.
class RowByRow {
 public:
  explicit RowByRow(const Levels& levels, std::mt19937_64& random)
      : levels_(levels), random_(random) {
    for (const std::uint32_t l : levels_) {
      first_.push_back(values_);
      values_ += l;
    }
    unmet_.assign(values_ * values_, 0);
    for (std::size_t a = 0; a < levels_.size(); a++)
      for (std::size_t b = 0; b < levels_.size(); b++)
        for (std::size_t i = 0; a != b && i < std::size_t{levels_[a]} * levels_[b]; i++)
          unmet_[(first_[a] + i / levels_[b]) * values_ + first_[b] + i % levels_[b]] = 1;
  }

  Rows make(std::size_t candidates) {
    Rows rows;
    while (std::find(unmet_.begin(), unmet_.end(), 1) != unmet_.end()) {
      std::vector<std::uint32_t> best;
      std::size_t most = 0;
      for (std::size_t i = 0; i < candidates; i++) {
        auto [row, met] = candidate();
        if (met > most) {
          most = met;
          best = std::move(row);
        }
      }
      if (most == 0) continue;  // no candidate happened to meet anything
      for (std::size_t a = 0; a < best.size(); a++)
        for (std::size_t b = 0; b < best.size(); b++)
          unmet_[(first_[a] + best[a]) * values_ + first_[b] + best[b]] = 0;
      rows.push_back(std::move(best));
    }
    return rows;
  }

 private:
  std::pair<std::vector<std::uint32_t>, std::size_t> candidate() {
    std::vector<std::size_t> order(levels_.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; i--) std::swap(order[i - 1], order[random_() % i]);
    // Begin with a value that has an unmet pair; otherwise row after row could meet nothing.
    std::size_t value = random_() % values_;
    const auto has_unmet = [&](std::size_t v) {
      const auto row = unmet_.begin() + static_cast<std::ptrdiff_t>(v * values_);
      return std::find(row, row + static_cast<std::ptrdiff_t>(values_), 1) !=
             row + static_cast<std::ptrdiff_t>(values_);
    };
    while (!has_unmet(value)) value = (value + 1) % values_;
    const std::size_t column = static_cast<std::size_t>(
        std::upper_bound(first_.begin(), first_.end(), value) - first_.begin() - 1);
    std::swap(order[0], *std::find(order.begin(), order.end(), column));

    std::vector<std::uint32_t> row(levels_.size(), kAny);
    std::vector<std::uint32_t> gains(values_, 0);  // by value: unmet pairs with those chosen so far
    std::size_t met = 0;
    for (const std::size_t c : order) {
      std::uint32_t best =
          static_cast<std::uint32_t>(c == column ? value - first_[c] : random_() % levels_[c]);
      for (std::uint32_t v = 0; c != column && v < levels_[c]; v++)
        if (gains[first_[c] + v] > gains[first_[c] + best]) best = v;
      met += gains[first_[c] + best];
      row[c] = best;
      const std::uint8_t* unmet = &unmet_[(first_[c] + best) * values_];
      for (std::size_t v = 0; v < values_; v++) gains[v] += unmet[v];
    }
    return {std::move(row), met};
  }

  const Levels& levels_;
  std::mt19937_64& random_;
  std::vector<std::size_t> first_;   // by column: the number of its first value
  std::size_t values_ = 0;           // of all columns, numbered from 0
  std::vector<std::uint8_t> unmet_;  // by the numbers of two values
};

// RETURNS: how many candidates for a row can be built in reasonable time; 0 if too few to be worth
// it.
std::size_t candidates_for(const Levels& levels) {
  double values = 0;
  for (const std::uint32_t l : levels) values += l;
  const double rows = 3.0 * levels[0] * levels[0];
  constexpr double kSteps = 1e6;
  const double most = kSteps / (rows * values * static_cast<double>(levels.size()));
  return most < 8 ? 0 : static_cast<std::size_t>(std::min(most, 50.0));
}

// ---- digit by digit -----------------------------------------------------------------------------

// RETURNS: an estimate of how long add_column_by_column() takes, in steps.
double cost(const Levels& levels, std::size_t columns, unsigned strength) {
  double rows = 1, groups = static_cast<double>(columns);
  for (std::size_t i = 0; i < strength && i < levels.size(); i++) rows *= levels[i];
  rows *= 3;  // roughly, for a few hundred columns
  groups *= strength == 2 ? 0.5 * groups : groups * groups / 6;
  return rows * levels[0] * groups;
}
constexpr double kTooLong = 3e8;

// Removes rows as long as the others can be changed to meet what is lost, by a random walk that
// accepts every change that loses nothing (threshold accepting, with a threshold of zero).
class Shrinker {
 public:
  Shrinker(const Levels& levels, Rows rows, std::mt19937_64& random)
      : levels_(levels), rows_(std::move(rows)), random_(random) {
    for (const std::uint32_t l : levels_) {
      first_.push_back(values_);
      values_ += l;
    }
  }

  Rows shrink(std::size_t steps) {
    while (rows_.size() > 1) {
      const Rows before = rows_;
      rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(random_() % rows_.size()));
      if (!repair(steps)) return before;
    }
    return rows_;
  }

 private:
  bool repair(std::size_t steps) {
    met_.assign(values_ * values_, 0);
    unmet_ = 0;
    for (std::size_t a = 0; a < levels_.size(); a++)
      for (std::size_t b = a + 1; b < levels_.size(); b++)
        unmet_ += std::size_t{levels_[a]} * levels_[b];
    for (const auto& row : rows_)
      for (std::size_t c = 0; c < row.size(); c++)
        for (std::size_t o = c + 1; o < row.size(); o++)
          if (count(c, row[c], o, row[o])++ == 0) unmet_--;
    for (; steps > 0 && unmet_ > 0; steps--) {
      auto& row = rows_[random_() % rows_.size()];
      const std::size_t c = random_() % levels_.size();
      const std::uint32_t before = row[c];
      const std::size_t unmet = unmet_;
      change(row, c, static_cast<std::uint32_t>(random_() % levels_[c]));
      if (unmet_ > unmet) change(row, c, before);
    }
    return unmet_ == 0;
  }
  void change(std::vector<std::uint32_t>& row, std::size_t c, std::uint32_t value) {
    for (std::size_t o = 0; o < row.size(); o++)
      if (o != c && --count(c, row[c], o, row[o]) == 0) unmet_++;
    row[c] = value;
    for (std::size_t o = 0; o < row.size(); o++)
      if (o != c && count(c, row[c], o, row[o])++ == 0) unmet_--;
  }
  std::uint32_t& count(std::size_t a, std::uint32_t i, std::size_t b, std::uint32_t j) {
    return a < b ? met_[(first_[a] + i) * values_ + first_[b] + j]
                 : met_[(first_[b] + j) * values_ + first_[a] + i];
  }

  const Levels& levels_;
  Rows rows_;
  std::mt19937_64& random_;
  std::vector<std::size_t> first_;
  std::size_t values_ = 0, unmet_ = 0;
  std::vector<std::uint32_t> met_;  // by the numbers of two values: in how many rows they meet
};

// RETURNS: an array for pairs with few rows.
Rows small_array(const Levels& levels, std::mt19937_64& random) {
  Rows best = add_column_by_column(levels, 2, random);
  if (const std::size_t candidates = candidates_for(levels); candidates > 0) {
    Rows rows = RowByRow(levels, random).make(candidates);
    if (rows.size() < best.size()) best = std::move(rows);
  }
  // Worth the time because an array of few columns may serve for many, digit by digit.
  if (levels.size() <= 16 && levels[0] <= 4) best = Shrinker(levels, best, random).shrink(60000);
  return best;
}

// Renames the values of each column so that the first row is all 0.
void begin_with_zeros(Rows& rows) {
  for (std::size_t c = 0; c < rows[0].size(); c++) {
    const std::uint32_t first = rows[0][c];
    for (auto& row : rows)
      if (row[c] == first || row[c] == 0) row[c] = row[c] == 0 ? first : 0;
  }
}

// REQUIRES: base >= 2.
Rows add_digit_by_digit(const Levels& levels, std::size_t base, std::mt19937_64& random) {
  Rows rows;
  for (std::size_t unit = 1; unit < levels.size(); unit *= base) {
    const auto digit = [&](std::size_t column) { return column / unit % base; };
    Levels of_digits(std::max<std::size_t>(2, std::min(base, (levels.size() - 1) / unit + 1)), 1);
    for (std::size_t c = 0; c < levels.size(); c++)
      of_digits[digit(c)] = std::max(of_digits[digit(c)], levels[c]);
    Rows array = small_array(of_digits, random);
    begin_with_zeros(array);
    for (const auto& of_digit : array) {
      // The first row is all 0 for every digit: once is enough.
      if (!rows.empty() && &of_digit == &array[0]) continue;
      auto& row = rows.emplace_back();
      for (std::size_t c = 0; c < levels.size(); c++) row.push_back(of_digit[digit(c)] % levels[c]);
    }
  }
  return rows;
}

}  // namespace

CoveringArray covering_array(const std::vector<std::uint32_t>& levels, unsigned strength,
                             std::uint64_t seed) {
  PM_CHECK(strength == 2 || strength == 3);
  PM_CHECK(std::find(levels.begin(), levels.end(), 0u) == levels.end());
  std::vector<std::size_t> order(levels.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return levels[a] > levels[b]; });
  Levels sorted;
  for (const std::size_t i : order) sorted.push_back(levels[i]);
  if (sorted.empty()) return {{{}}, strength};
  if (strength == 3 && cost(sorted, sorted.size(), 3) > 10 * kTooLong) strength = 2;

  if (sorted.size() == 1) {
    CoveringArray every{{}, strength};
    for (std::uint32_t value = 0; value < sorted[0]; value++) every.rows.push_back({value});
    return every;
  }

  std::mt19937_64 random(seed);
  CoveringArray array;
  array.strength = strength;
  Rows rows;
  if (strength == 3) {
    rows = add_column_by_column(sorted, 3, random);
  } else {
    const auto keep_shorter = [&](Rows others) {
      if (rows.empty() || others.size() < rows.size()) rows = std::move(others);
    };
    std::size_t root = 2;  // the base for numbers of two digits
    while (root * root < sorted.size()) root++;
    while (root > 8 && cost(sorted, root, 2) > kTooLong) root /= 2;
    if (sorted.size() <= 256 && cost(sorted, sorted.size(), 2) <= kTooLong)
      keep_shorter(small_array(sorted, random));
    if (sorted.size() > 4) keep_shorter(add_digit_by_digit(sorted, root, random));
    if (rows.empty()) rows = add_digit_by_digit(sorted, 8, random);
  }
  for (const auto& row : rows) {
    auto& target = array.rows.emplace_back(row.size());
    for (std::size_t i = 0; i < row.size(); i++) target[order[i]] = row[i];
  }
  return array;
}

}  // namespace pmemcheck::explore
