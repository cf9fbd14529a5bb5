// Files of pictures as a data set: which of a store's files are pictures, and whose class they are.
//
// A folder that holds everything is looked through; where the rest has a folder named like the
// split
// ("train"), that is the data. Then, with labels "auto":
//   - labels.csv, or the only CSV file with the columns file and label: the classes are its labels;
//   - folders: each that holds pictures is a class, named by its path ("Greek/alpha");
//   - pictures in one folder: no labels.
#ifndef GAN_DATA_PICTURE_FILES_H_
#define GAN_DATA_PICTURE_FILES_H_

#include <memory>

#include "data/collection.h"
#include "data/picture_store.h"

namespace gan::core {

// Files count as pictures by their extensions (those of formats that are not read as well: they are
// reported as unreadable later, not passed over). Error kBadData: no picture; pictures beside the
// folders of classes; a folder of a class without pictures; a CSV file that does not fit the
// pictures. Error kUsage: no such split, labels from folders or from a CSV file where there are
// none.
std::unique_ptr<Collection> CollectPictureFiles(std::unique_ptr<PictureStore> store,
                                                const CollectionOptions& options);

}  // namespace gan::core

#endif  // GAN_DATA_PICTURE_FILES_H_
